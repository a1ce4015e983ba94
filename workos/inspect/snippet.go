package inspect

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"mfa-tui/workos"
)

// Code that makes a call again, to copy into a shell or a program. It takes the key
// from the environment. Instead of masked values it has words in capitals to
// replace, such as CODE.

const (
	goSDK     = "github.com/workos/workos-go/v10"
	noSDKCall = "the SDK has no known method for this call"
	// CodeNote says that the code of a call to the local engine goes elsewhere.
	CodeNote = "This snippet calls WorkOS; the call above went to the local engine"
	// hiddenWord replaces the masked part of a text.
	hiddenWord = "HIDDEN"
)

// sdkCall is a route and the method of the SDKs that calls it. Names are those of
// the Python SDK, from which those of the Go SDK follow.
type sdkCall struct {
	method, path string // {id} in path is the only argument that is not a field
	name         string
	shows        string   // what is printed of the result, the word before the dot
	fields       []string // of the request, or of the query
	id           string   // what Node names the id in its options; empty where it is the only argument
	grant        string   // the grant type of a sign-in
}

// sdkCalls are the calls of version 10 of the SDKs.
func sdkCalls() []sdkCall {
	return []sdkCall{
		{"POST", "/auth/factors/enroll", "multi_factor_auth.enroll_factor", "factor.id",
			[]string{"type", "phone_number", "totp_issuer", "totp_user", "user_id"}, "", ""},
		{"GET", "/auth/factors/{id}", "multi_factor_auth.get_factor", "factor.id", nil, "", ""},
		{"DELETE", "/auth/factors/{id}", "multi_factor_auth.delete_factor", "", nil, "", ""},
		{"POST", "/auth/factors/{id}/challenge", "multi_factor_auth.challenge_factor", "challenge.id", []string{"sms_template"}, "authentication_factor_id", ""},
		{"POST", "/auth/challenges/{id}/verify", "multi_factor_auth.verify_challenge", "result.valid", []string{"code"}, "authentication_challenge_id", ""},
		{"GET", "/user_management/users", "user_management.list_users", "user.id, user.email",
			append(slices.Clone(pageFields), "organization_id", "email"), "", ""},
		{"GET", "/user_management/users/{id}/auth_factors", "multi_factor_auth.list_user_auth_factors", "factor.id, factor.type", pageFields, "user_id", ""},
		{"POST", "/user_management/users/{id}/auth_factors", "multi_factor_auth.create_user_auth_factor",
			"enrolled.authentication_factor.id, enrolled.authentication_challenge.id", []string{"type", "totp_issuer", "totp_user", "totp_secret"}, "user_id", ""},
		signIn("password", "password", "email", "password"),
		signIn("magic_auth", "urn:workos:oauth:grant-type:magic-auth:code", "code", "email"),
		signIn("totp", "urn:workos:oauth:grant-type:mfa-totp", "code", "pending_authentication_token", "authentication_challenge_id"),
		signIn("refresh_token", "refresh_token", "refresh_token"),
	}
}

// signIn is a way to sign in, all of whose fields are required.
func signIn(by, grant string, fields ...string) sdkCall {
	return sdkCall{"POST", "/user_management/authenticate", "user_management.authenticate_with_" + by, "auth.user.email", fields, "", grant}
}

var pageFields = []string{"before", "after", "limit", "order"}

// result is the variable that the response goes into, empty for none.
func (s sdkCall) result() string {
	result, _, _ := strings.Cut(s.shows, ".")
	return result
}

// lists reports whether the response is pages of results.
func (s sdkCall) lists() bool { return strings.Contains(s.name, ".list_") }

// follower is a word of a name that follows another, or a dot.
var follower = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[_.][a-z]+`) })

// goNames converts names of the Python SDK to those of the Go SDK, except for the
// first word: factor.user_id becomes factor.UserID.
func goNames(names string) string {
	return follower().ReplaceAllStringFunc(names, func(s string) string {
		dot, word := strings.Trim(s[:1], "_"), s[1:]
		if word == "id" || word == "totp" {
			return dot + strings.ToUpper(word)
		}
		return dot + strings.ToUpper(word[:1]) + word[1:]
	})
}

// goName converts the first word too: user_id becomes UserID.
func goName(name string) string { return goNames("_" + name) }

// sdk is the method of the SDKs that makes this call, with the id in its path.
func (c Call) sdk() (sdk sdkCall, id string, ok bool) {
	for _, sdk := range sdkCalls() {
		before, after, has := strings.Cut(sdk.path, "{id}")
		raw, ok1 := strings.CutPrefix(c.Path, before)
		raw, ok2 := strings.CutSuffix(raw, after)
		id, err := url.PathUnescape(raw)
		if sdk.grant != "" && sdk.grant != c.values()["grant_type"] {
			continue
		}
		if sdk.method == c.Method && ok1 && ok2 && err == nil && has == (raw != "") && !strings.Contains(raw, "/") {
			return sdk, strings.ReplaceAll(id, Mask, hiddenWord), true
		}
	}
	return sdkCall{}, "", false
}

// values are the fields of the request and of the query, unmasked.
func (c Call) values() map[string]string {
	values := map[string]string{}
	query := c.unmaskedQuery()
	for name := range query {
		values[name] = query.Get(name)
	}
	var body map[string]any
	json.Unmarshal([]byte(c.unmaskedBody()), &body) // leaves body empty if it is no object
	for name, v := range body {
		if text, ok := v.(string); ok {
			values[name] = text
		}
	}
	return values
}

// unmaskedQuery is the query with words instead of masks, empty if all of it is
// masked.
func (c Call) unmaskedQuery() url.Values {
	query, _ := url.ParseQuery(c.Query)
	query.Del(Mask)
	for name, list := range query {
		for i, v := range list {
			if v == Mask {
				v = strings.ToUpper(name)
			}
			list[i] = strings.ReplaceAll(v, Mask, hiddenWord)
		}
	}
	return query
}

// maskedField is a masked field of a body.
var maskedField = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`"(\w+)":"` + Mask + `"`) })

// unmaskedBody is the request body with words instead of masks.
func (c Call) unmaskedBody() string {
	if c.Request.JSON == nil {
		return "{}"
	}
	body := maskedField().ReplaceAllStringFunc(string(c.Request.JSON), func(field string) string {
		name, _, _ := strings.Cut(field, ":")
		return name + ":" + strings.ToUpper(name)
	})
	return strings.ReplaceAll(body, Mask, hiddenWord)
}

// Curl is the call as a command for a shell.
func (c Call) Curl() string {
	base := c.BaseURL
	if base == "" {
		base = workos.DefaultBaseURL
	}
	target := base + strings.ReplaceAll(c.Path, Mask, hiddenWord)
	if query := c.unmaskedQuery().Encode(); query != "" {
		target += "?" + query
	}
	curl := "curl "
	if c.Method != "GET" && c.Method != "POST" {
		curl += "-X " + shellQuote(c.Method) + " "
	}
	lines := []string{curl + shellQuote(target), `-H "Authorization: Bearer $WORKOS_API_KEY"`}
	if c.Request.JSON != nil || c.Method == "POST" {
		body := shellQuote(c.unmaskedBody())
		const secret = `"client_secret":"` // at a sign-in, which needs no other key
		if keyed := strings.Replace(body, secret+"CLIENT_SECRET", secret+`'"$WORKOS_API_KEY"'`, 1); keyed != body {
			lines, body = lines[:1], keyed
		}
		lines = append(lines, "-H 'Content-Type: application/json'", "-d "+body)
	}
	return strings.Join(lines, " \\\n  ") + "\n"
}

// shellQuote quotes a word, where needed, so that a shell takes it literally.
func shellQuote(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:%@"
	if s != "" && strings.Trim(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// Go is the call as a program with the Go SDK.
func (c Call) Go() string {
	sdk, id, ok := c.sdk()
	if !ok {
		return "// " + noSDKCall + "\n"
	}
	service, method, _ := strings.Cut(goName(sdk.name), ".")
	if method == "ListUsers" {
		method = "List" // the only name that differs
	}
	args := []string{"ctx"}
	if id != "" {
		args = append(args, strconv.Quote(id))
	}
	if sdk.fields != nil {
		args = append(args, "&workos."+service+method+"Params"+sdk.goFields(c.values()))
	}
	call := "client." + service + "()." + method + "(" + strings.Join(args, ",\n\t\t") + ")"
	const check = "if err != nil {\n\t\tlog.Fatal(err)\n\t}\n"
	fmtImport := "\t\"fmt\"\n"
	switch result, shows := sdk.result(), "fmt.Println("+goNames(sdk.shows)+")\n"; {
	case sdk.lists():
		call = "pages := " + call + "\n\tfor pages.Next() {\n\t\t" + result + " := pages.Current()\n\t\t" + shows + "\t}\n" +
			"\t" + strings.Replace(check, "if ", "if err := pages.Err(); ", 1)
	case result == "":
		fmtImport, call = "", "err := "+call+"\n\t"+check
	default:
		call = result + ", err := " + call + "\n\t" + check + "\t" + shows
	}
	options := ""
	if c.BaseURL != "" {
		options = ",\n\t\tworkos.WithBaseURL(" + strconv.Quote(c.BaseURL) + ")"
	}
	if client := c.values()["client_id"]; client != "" && sdk.grant != "" {
		options += ",\n\t\tworkos.WithClientID(" + strconv.Quote(client) + ")"
	}
	return "package main\n\nimport (\n\t\"context\"\n" + fmtImport + "\t\"log\"\n\t\"os\"\n\n\t" + strconv.Quote(goSDK) + "\n)\n\n" +
		"func main() {\n\tctx := context.Background()\n\tclient := workos.NewClient(os.Getenv(\"WORKOS_API_KEY\")" + options + ")\n\n\t" + call + "}\n"
}

// goFields is a literal of the fields, aligned as gofmt does.
func (s sdkCall) goFields(values map[string]string) string {
	var names, literals, paging []string
	for _, f := range s.fields {
		v, ok := values[f]
		switch {
		case !ok:
		case slices.Contains(pageFields, f):
			paging = append(paging, goName(f)+": "+s.goValue(f, v))
		default:
			names, literals = append(names, goName(f)), append(literals, s.goValue(f, v))
		}
	}
	if paging != nil {
		names = slices.Insert(names, 0, "PaginationParams")
		literals = slices.Insert(literals, 0, "workos.PaginationParams{"+strings.Join(paging, ", ")+"}")
	}
	if names == nil {
		return "{}"
	}
	widest := 0
	for _, n := range names {
		widest = max(widest, len(n))
	}
	var b strings.Builder
	for i, n := range names {
		fmt.Fprintf(&b, "\t\t\t%-*s %s,\n", widest+1, n+":", literals[i])
	}
	return "{\n" + b.String() + "\t\t}"
}

// goValue is a field's value for the Go SDK: a pointer unless the field is required.
func (s sdkCall) goValue(field, v string) string {
	switch {
	case field == "type" && s.name == "multi_factor_auth.enroll_factor" && slices.Contains([]string{"totp", "sms", "generic_otp"}, v):
		return "workos.AuthenticationFactorsCreateRequestType" + goName(v)
	case field == "type" || field == "code" || s.grant != "":
		return strconv.Quote(v)
	}
	return "workos.Ptr(" + literal(field, v) + ")"
}

// literal is a field's value in Go and in Python, which reads a text that strconv
// quotes as Go does.
func literal(field, v string) string {
	if n, err := strconv.Atoi(v); err == nil && field == "limit" {
		return strconv.Itoa(n)
	}
	return strconv.Quote(v)
}

// Python is the call as a program with the Python SDK.
func (c Call) Python() string {
	sdk, id, ok := c.sdk()
	if !ok {
		return "# " + noSDKCall + "\n"
	}
	var args []string
	if id != "" {
		args = append(args, strconv.Quote(id))
	}
	values := c.values()
	for _, f := range sdk.fields {
		if v, ok := values[f]; ok {
			args = append(args, f+"="+literal(f, v))
		}
	}
	list := strings.Join(args, ",\n    ")
	if len(args) > 1 {
		list = "\n    " + list + ",\n"
	}
	call, shows := "client."+sdk.name+"("+list+")\n", "print("+sdk.shows+")\n"
	switch {
	case sdk.lists():
		call = "pages = " + call + "for " + sdk.result() + " in pages.auto_paging_iter():\n    " + shows
	case sdk.result() != "":
		call = sdk.result() + " = " + call + shows
	}
	options := ""
	if c.BaseURL != "" {
		options = ", base_url=" + strconv.Quote(c.BaseURL)
	}
	if client := values["client_id"]; client != "" && sdk.grant != "" {
		options += ", client_id=" + strconv.Quote(client)
	}
	return "import os\n\nfrom workos import WorkOSClient\n\n" +
		"client = WorkOSClient(api_key=os.environ[\"WORKOS_API_KEY\"]" + options + ")\n" + call
}

// camel writes a name of the Python SDK as Node has it: user_id becomes userId.
func camel(names string) string {
	return follower().ReplaceAllStringFunc(names, func(s string) string {
		if s[0] == '.' {
			return s
		}
		return strings.ToUpper(s[1:2]) + s[2:]
	})
}

// Node is the call as a program with the Node SDK.
func (c Call) Node() string {
	sdk, id, ok := c.sdk()
	if !ok {
		return "// " + noSDKCall + "\n"
	}
	values, args := c.values(), ""
	add := func(name, literal string) { args += "\n  " + camel(name) + ": " + literal + "," }
	if sdk.grant != "" && values["client_id"] != "" {
		add("client_id", quoteJSON(values["client_id"]))
	}
	if sdk.id != "" {
		add(sdk.id, quoteJSON(id))
	}
	for _, f := range sdk.fields {
		v, ok := values[f]
		name := f
		if sdk.name == "multi_factor_auth.enroll_factor" {
			name, ok = strings.TrimPrefix(f, "totp_"), ok && f != "user_id" // which it does not send
		}
		switch _, err := strconv.Atoi(v); {
		case !ok:
		case f == "limit" && err == nil:
			add(name, v)
		default:
			add(name, quoteJSON(v))
		}
	}
	switch {
	case args != "":
		args = "{" + args + "\n}"
	case id != "":
		args = quoteJSON(id)
	}
	call, shows := "await workos."+camel(sdk.name)+"("+args+");\n", "console.log("+camel(sdk.shows)+");\n"
	switch {
	case sdk.lists():
		call = "const pages = " + call + "for (const " + sdk.result() + " of await pages.autoPagination()) {\n  " + shows + "}\n"
	case sdk.result() != "":
		call = "const " + sdk.result() + " = " + call + shows
	}
	return "import { WorkOS } from \"@workos-inc/node\";\n\nconst workos = new WorkOS(process.env.WORKOS_API_KEY" + nodeOptions(c.BaseURL) + ");\n" + call
}

// nodeOptions are what Node is told of a base URL, if there is one.
func nodeOptions(base string) string {
	u, err := url.Parse(base)
	if base == "" || err != nil {
		return ""
	}
	options := "apiHostname: " + quoteJSON(u.Hostname())
	if u.Port() != "" {
		options += ", port: " + u.Port()
	}
	return fmt.Sprintf(", { %s, https: %t }", options, u.Scheme == "https")
}

// quoteJSON is a text in JSON, as JavaScript reads it too.
func quoteJSON(text string) string {
	quoted, _ := json.Marshal(text) // a text never fails
	return string(quoted)
}
