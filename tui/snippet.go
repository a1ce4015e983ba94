package tui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Code that makes a call again, to copy into a shell or a program. The key is
// always taken from the environment; what is masked in the call is a word in
// capitals in the code, such as CODE.

const (
	apiURL    = "https://api.workos.com"
	goSDK     = "github.com/workos/workos-go/v10"
	noSDKCall = "the SDK has no method for this call that is known here"
	// hiddenWord stands where a part of a text is masked.
	hiddenWord = "HIDDEN"
)

// sdkCall is a route with the methods of the SDKs that call it.
type sdkCall struct {
	method, path string // {id} in path is the only argument that is no field
	goMethod     string
	goParams     string // the type of the parameters, empty if it takes none
	pyMethod     string
	result       string // the variable that the answer goes into, empty for none
	goShows      string // of the result
	pyShows      string
	list         bool // the answer is pages of results
	fields       []sdkField
}

// sdkField is a field of a request, or of a query, by its name on the wire.
type sdkField struct {
	wire, goName string
	form         fieldForm
}

// fieldForm is how the Go SDK takes a field.
type fieldForm int

const (
	optional   fieldForm = iota // a pointer
	required                    // a string
	factorType                  // a constant of the type
	paging                      // a pointer in the embedded PaginationParams
)

var pageFields = []sdkField{{"before", "Before", paging}, {"after", "After", paging}, {"limit", "Limit", paging}, {"order", "Order", paging}}

// sdkCalls returns what the SDKs call, version 10 of both.
func sdkCalls() []sdkCall {
	return []sdkCall{
		{method: "POST", path: "/auth/factors/enroll",
			goMethod: "MultiFactorAuth().EnrollFactor", goParams: "MultiFactorAuthEnrollFactorParams", pyMethod: "multi_factor_auth.enroll_factor",
			result: "factor", goShows: "factor.ID", pyShows: "factor.id",
			fields: []sdkField{{"type", "Type", factorType}, {"phone_number", "PhoneNumber", optional}, {"totp_issuer", "TOTPIssuer", optional},
				{"totp_user", "TOTPUser", optional}, {"user_id", "UserID", optional}}},
		{method: "GET", path: "/auth/factors/{id}",
			goMethod: "MultiFactorAuth().GetFactor", pyMethod: "multi_factor_auth.get_factor",
			result: "factor", goShows: "factor.ID", pyShows: "factor.id"},
		{method: "DELETE", path: "/auth/factors/{id}",
			goMethod: "MultiFactorAuth().DeleteFactor", pyMethod: "multi_factor_auth.delete_factor"},
		{method: "POST", path: "/auth/factors/{id}/challenge",
			goMethod: "MultiFactorAuth().ChallengeFactor", goParams: "MultiFactorAuthChallengeFactorParams", pyMethod: "multi_factor_auth.challenge_factor",
			result: "challenge", goShows: "challenge.ID", pyShows: "challenge.id",
			fields: []sdkField{{"sms_template", "SmsTemplate", optional}}},
		{method: "POST", path: "/auth/challenges/{id}/verify",
			goMethod: "MultiFactorAuth().VerifyChallenge", goParams: "MultiFactorAuthVerifyChallengeParams", pyMethod: "multi_factor_auth.verify_challenge",
			result: "result", goShows: "result.Valid", pyShows: "result.valid",
			fields: []sdkField{{"code", "Code", required}}},
		{method: "GET", path: "/user_management/users",
			goMethod: "UserManagement().List", goParams: "UserManagementListParams", pyMethod: "user_management.list_users",
			result: "user", goShows: "user.ID, user.Email", pyShows: "user.id, user.email", list: true,
			fields: append(slices.Clone(pageFields), sdkField{"organization_id", "OrganizationID", optional}, sdkField{"email", "Email", optional})},
		{method: "GET", path: "/user_management/users/{id}/auth_factors",
			goMethod: "MultiFactorAuth().ListUserAuthFactors", goParams: "MultiFactorAuthListUserAuthFactorsParams", pyMethod: "multi_factor_auth.list_user_auth_factors",
			result: "factor", goShows: "factor.ID, factor.Type", pyShows: "factor.id, factor.type", list: true, fields: pageFields},
		{method: "POST", path: "/user_management/users/{id}/auth_factors",
			goMethod: "MultiFactorAuth().CreateUserAuthFactor", goParams: "MultiFactorAuthCreateUserAuthFactorParams", pyMethod: "multi_factor_auth.create_user_auth_factor",
			result: "enrolled", goShows: "enrolled.AuthenticationFactor.ID, enrolled.AuthenticationChallenge.ID",
			pyShows: "enrolled.authentication_factor.id, enrolled.authentication_challenge.id",
			fields: []sdkField{{"type", "Type", required}, {"totp_issuer", "TOTPIssuer", optional}, {"totp_user", "TOTPUser", optional},
				{"totp_secret", "TOTPSecret", optional}}},
	}
}

// snippet is a call as code needs it.
type snippet struct {
	Call
	baseURL string
	sdk     sdkCall
	known   bool // sdk is set
	id      string
	values  map[string]string // the fields of the request, and those of the query
}

func newSnippet(c Call, baseURL string) snippet {
	s := snippet{Call: c, baseURL: baseURL, values: map[string]string{}}
	for _, sdk := range sdkCalls() {
		if id, ok := matches(sdk, c); ok {
			s.sdk, s.known, s.id = sdk, true, id
		}
	}
	var body map[string]any
	if json.Unmarshal(c.Request.JSON, &body) == nil {
		for name, v := range body {
			if text, ok := v.(string); ok {
				s.values[name] = unmasked(name, text)
			}
		}
	}
	if query, err := url.ParseQuery(c.Query); err == nil {
		for name := range query {
			s.values[name] = unmasked(name, query.Get(name))
		}
		delete(s.values, Mask)
	}
	return s
}

// matches reports whether a call is the one of an SDK, and returns its id.
func matches(sdk sdkCall, c Call) (id string, ok bool) {
	if sdk.method != c.Method {
		return "", false
	}
	before, after, has := strings.Cut(sdk.path, "{id}")
	if !has {
		return "", c.Path == sdk.path
	}
	rest, ok1 := strings.CutPrefix(c.Path, before)
	raw, ok2 := strings.CutSuffix(rest, after)
	if !ok1 || !ok2 || raw == "" || strings.Contains(raw, "/") {
		return "", false
	}
	id, err := url.PathUnescape(raw)
	return strings.ReplaceAll(id, Mask, hiddenWord), err == nil
}

// unmasked is a value as code shows it: a masked one as its name in capitals.
func unmasked(name, value string) string {
	if value == Mask {
		return strings.ToUpper(name)
	}
	return strings.ReplaceAll(value, Mask, hiddenWord)
}

// curl is the call as a command for a shell.
func (s snippet) curl() string {
	target := s.target()
	lines := []string{"curl " + shellQuote(target)}
	if s.Method != "GET" && s.Method != "POST" {
		lines[0] = "curl -X " + shellQuote(s.Method) + " " + shellQuote(target)
	}
	lines = append(lines, `-H "Authorization: Bearer $WORKOS_API_KEY"`)
	if s.Method == "POST" {
		lines = append(lines, "-H 'Content-Type: application/json'", "-d "+shellQuote(s.body()))
	}
	return strings.Join(lines, " \\\n  ") + "\n"
}

// target is the URL of the call.
func (s snippet) target() string {
	base := s.baseURL
	if base == "" {
		base = apiURL
	}
	target := base + strings.ReplaceAll(s.Path, Mask, hiddenWord)
	if s.Query == "" {
		return target
	}
	query, _ := url.ParseQuery(s.Query) // what can't be read is a mask
	query.Del(Mask)
	for name := range query {
		query.Set(name, s.values[name])
	}
	return strings.TrimSuffix(target+"?"+query.Encode(), "?")
}

// body is the request with names in the place of masks.
func (s snippet) body() string {
	body := string(s.Request.JSON)
	if body == "" {
		return "{}"
	}
	for name, value := range s.values {
		if field := strconv.Quote(name) + ":"; value == strings.ToUpper(name) {
			body = strings.ReplaceAll(body, field+`"`+Mask+`"`, field+`"`+value+`"`)
		}
	}
	return strings.ReplaceAll(body, Mask, hiddenWord)
}

// shellQuote is a word that a shell takes as it is.
func shellQuote(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("_-./:%@", r))
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// golang is the call as a program with the Go SDK.
func (s snippet) golang() string {
	if !s.known {
		return "// " + noSDKCall + "\n"
	}
	var b bytes.Buffer
	b.WriteString("package main\n\nimport (\n\t\"context\"\n")
	if s.sdk.result != "" {
		b.WriteString("\t\"fmt\"\n")
	}
	fmt.Fprintf(&b, "\t\"log\"\n\t\"os\"\n\n\t%q\n)\n\nfunc main() {\n\tctx := context.Background()\n", goSDK)
	options := ""
	if s.baseURL != "" {
		options = ",\n\t\tworkos.WithBaseURL(" + strconv.Quote(s.baseURL) + ")"
	}
	fmt.Fprintf(&b, "\tclient := workos.NewClient(os.Getenv(\"WORKOS_API_KEY\")%s)\n\n", options)
	call := "client." + s.sdk.goMethod + "(" + strings.Join(s.goArguments(), ",\n\t\t") + ")"
	const check = "\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n"
	switch {
	case s.sdk.list:
		fmt.Fprintf(&b, "\tpages := %s\n\tfor pages.Next() {\n\t\t%s := pages.Current()\n\t\tfmt.Println(%s)\n\t}\n", call, s.sdk.result, s.sdk.goShows)
		b.WriteString(strings.Replace(check, "if err", "if err := pages.Err(); err", 1))
	case s.sdk.result == "":
		fmt.Fprintf(&b, "\terr := %s\n%s", call, check)
	default:
		fmt.Fprintf(&b, "\t%s, err := %s\n%s\tfmt.Println(%s)\n", s.sdk.result, call, check, s.sdk.goShows)
	}
	b.WriteString("}\n")
	return b.String()
}

func (s snippet) goArguments() []string {
	args := []string{"ctx"}
	if strings.Contains(s.sdk.path, "{id}") {
		args = append(args, strconv.Quote(s.id))
	}
	if s.sdk.goParams != "" {
		args = append(args, "&workos."+s.sdk.goParams+s.goFields())
	}
	return args
}

// goFields are the fields as a literal, aligned as gofmt does.
func (s snippet) goFields() string {
	var names, values, paged []string
	for _, f := range s.sdk.fields {
		v, ok := s.values[f.wire]
		switch {
		case !ok:
		case f.form == paging:
			paged = append(paged, f.goName+": "+goValue(f, v))
		default:
			names, values = append(names, f.goName), append(values, goValue(f, v))
		}
	}
	if paged != nil {
		names = slices.Insert(names, 0, "PaginationParams")
		values = slices.Insert(values, 0, "workos.PaginationParams{"+strings.Join(paged, ", ")+"}")
	}
	if names == nil {
		return "{}"
	}
	widest := 0
	for _, n := range names {
		widest = max(widest, len(n))
	}
	var b strings.Builder
	b.WriteString("{\n")
	for i, n := range names {
		fmt.Fprintf(&b, "\t\t\t%-*s %s,\n", widest+1, n+":", values[i])
	}
	return b.String() + "\t\t}"
}

func goValue(f sdkField, v string) string {
	switch f.form {
	case required:
		return strconv.Quote(v)
	case factorType:
		const constant = "workos.AuthenticationFactorsCreateRequestType"
		switch v {
		case "totp":
			return constant + "TOTP"
		case "sms":
			return constant + "Sms"
		case "generic_otp":
			return constant + "GenericOtp"
		}
		return strconv.Quote(v)
	}
	if n, err := strconv.Atoi(v); err == nil && f.wire == "limit" {
		return fmt.Sprintf("workos.Ptr(%d)", n)
	}
	return "workos.Ptr(" + strconv.Quote(v) + ")"
}

// python is the call as a program with the Python SDK.
func (s snippet) python() string {
	if !s.known {
		return "# " + noSDKCall + "\n"
	}
	options := ""
	if s.baseURL != "" {
		options = ", base_url=" + strconv.Quote(s.baseURL)
	}
	call := "client." + s.sdk.pyMethod + s.pyArguments()
	b := "import os\n\nfrom workos import WorkOSClient\n\n" +
		"client = WorkOSClient(api_key=os.environ[\"WORKOS_API_KEY\"]" + options + ")\n"
	switch {
	case s.sdk.list:
		return b + "pages = " + call + "\nfor " + s.sdk.result + " in pages.auto_paging_iter():\n    print(" + s.sdk.pyShows + ")\n"
	case s.sdk.result == "":
		return b + call + "\n"
	}
	return b + s.sdk.result + " = " + call + "\nprint(" + s.sdk.pyShows + ")\n"
}

// pyArguments are the arguments of the method: what strconv quotes, Python reads
// as the same text.
func (s snippet) pyArguments() string {
	var args []string
	if strings.Contains(s.sdk.path, "{id}") {
		args = append(args, strconv.Quote(s.id))
	}
	for _, f := range s.sdk.fields {
		v, ok := s.values[f.wire]
		if !ok {
			continue
		}
		if n, err := strconv.Atoi(v); err == nil && f.wire == "limit" {
			v = strconv.Itoa(n)
		} else {
			v = strconv.Quote(v)
		}
		args = append(args, f.wire+"="+v)
	}
	if len(args) <= 1 {
		return "(" + strings.Join(args, "") + ")"
	}
	return "(\n    " + strings.Join(args, ",\n    ") + ",\n)"
}
