package inspect

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"mfa-tui/workos"
)

// sdkCallsMade are calls of every route that the SDKs know, with every field.
func sdkCallsMade() []Call {
	values := map[string]string{"type": "totp", "code": Mask, "totp_secret": Mask, "limit": "10", "phone_number": "+15005550006",
		"email": "alan@example.com", "sms_template": "Foo: {{code}}"}
	var calls []Call
	for _, sdk := range sdkCalls() {
		c := Call{Method: sdk.method, Path: strings.ReplaceAll(sdk.path, "{id}", "id_01")}
		body, query := map[string]string{}, url.Values{}
		for _, f := range sdk.fields {
			v := values[f]
			if v == "" {
				v = "a " + f
			}
			body[f] = v
			query.Set(f, v)
		}
		if sdk.grant != "" {
			body["grant_type"], body["client_id"], body["client_secret"] = sdk.grant, "client_1", Mask
		}
		if sdk.method == "GET" {
			c.Query = query.Encode()
		} else if sdk.method == "POST" {
			c.Request.JSON, _ = json.Marshal(body)
		}
		calls = append(calls, c)
	}
	return calls
}

// The code of each call stands in a file, as it is copied: what was tried with
// the SDKs must not change by chance.
func TestSnippets(t *testing.T) {
	var all strings.Builder
	for _, c := range sdkCallsMade() {
		fmt.Fprintf(&all, "%s\n%s\n%s\n%s\n", c.Curl(), c.Go(), c.Python(), c.Node())
		if formatted, err := format.Source([]byte(c.Go())); err != nil || string(formatted) != c.Go() {
			t.Errorf("%v, gofmt makes\n%s\nof\n%s", err, formatted, c.Go())
		}
	}
	c := Call{BaseURL: "http://127.0.0.1:4100", Method: "DELETE", Path: "/auth/factors/" + Mask}
	fmt.Fprintf(&all, "%s\n%s\n%s\n%s", c.Curl(), c.Go(), c.Python(), c.Node())
	want, err := os.ReadFile("testdata/snippets.txt")
	if err != nil {
		t.Fatal(err)
	}
	if all.String() != string(want) {
		t.Errorf("got\n%s\nwant\n%s", &all, want)
	}
}

// A call that no SDK has can still be made with curl.
func TestSnippetOfACallThatNoSDKHas(t *testing.T) {
	for _, c := range []Call{{Method: "GET", Path: "/nowhere"}, {Method: "PUT", Path: "/auth/factors/1"}, {Method: "GET", Path: "/auth/factors/"}, {Method: "GET", Path: "/auth/factors/1/2"}} {
		if c.Go() != "// "+noSDKCall+"\n" || c.Python() != "# "+noSDKCall+"\n" || c.Node() != c.Go() || !strings.Contains(c.Curl(), "https://api.workos.com"+c.Path) {
			t.Errorf("%s%s%s", c.Curl(), c.Go(), c.Python())
		}
	}
}

// What is masked never becomes a value: it is a word to put the value in place of.
func TestSnippetsOfMasks(t *testing.T) {
	for _, c := range []Call{
		{Method: "GET", Path: "/user_management/users", Query: Mask},
		{Method: "GET", Path: "/user_management/users", Query: url.Values{"email": {Mask}}.Encode()},
		{Method: "GET", Path: "/auth/factors/" + Mask},
		{Method: "POST", Path: "/auth/challenges/x/verify", Request: Body{JSON: []byte(`{"` + Mask + `":"` + Mask + `","code":"` + Mask + `"}`)}},
		{Method: "POST", Path: "/auth/factors/enroll", Request: Body{JSON: []byte(`{"type":"a ` + Mask + ` b","n":{"x":["` + Mask + `"]}}`)}},
	} {
		for _, code := range []string{c.Curl(), c.Go(), c.Python(), c.Node()} {
			if strings.Contains(code, Mask) || strings.Contains(code, url.QueryEscape(Mask)) || strings.Contains(code, "•") {
				t.Errorf("%+v: %s", c, code)
			}
		}
	}
}

// A shell gives curl exactly what was sent.
func TestCurlInAShell(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh here")
	}
	const nasty = "it's $HOME `x` \"q\" \\ ! * ~ 日本\n-d"
	body, err := json.Marshal(map[string]string{"sms_template": nasty})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []Call{
		{Method: "POST", Path: "/auth/factors/f'1;$(x)/challenge", Request: Body{JSON: body}},
		{Method: "PUT", Path: "/user_management/users/1", Request: Body{JSON: body}},
		{Method: "GET", Path: "/user_management/users", Query: "email=a%27b%40c.co&limit=1"},
		{Method: "DELETE", Path: "/auth/factors/1"},
	} {
		for _, base := range []string{"", "http://[::1]:4100/a b"} {
			c.BaseURL = base
			run := exec.Command(sh, "-c", `curl() { printf '%s\0' "$@"; }`+"\n"+c.Curl())
			run.Env = append(os.Environ(), "WORKOS_API_KEY=the key")
			out, err := run.Output()
			if err != nil {
				t.Fatal(err)
			}
			target := base + c.Path
			if base == "" {
				target = workos.DefaultBaseURL + c.Path
			}
			if c.Query != "" {
				target += "?" + c.Query
			}
			want := []string{target, "-H", "Authorization: Bearer the key"}
			switch c.Method {
			case "POST":
				want = append(want, "-H", "Content-Type: application/json", "-d", string(body))
			case "PUT":
				want = append(append([]string{"-X", "PUT"}, want...), "-H", "Content-Type: application/json", "-d", string(body))
			case "DELETE":
				want = append([]string{"-X", "DELETE"}, want...)
			}
			if got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00"); !slices.Equal(got, want) {
				t.Errorf("curl is given %q, want %q", got, want)
			}
		}
	}
}

// The key of a sign-in is in its body, from where the shell takes it.
func TestCurlOfASignIn(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh here")
	}
	r := NewServer(nil, "http://127.0.0.1:4100", testKey, time.Now)
	handler := r.Handler(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) { _, _ = io.ReadAll(req.Body) }), func(*http.Request) bool { return false })
	const name = "it's $HOME"
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/user_management/authenticate",
		strings.NewReader(`{"grant_type": "password", "client_secret": "`+testKey+`", "name": "`+name+`"}`)))
	run := exec.Command(sh, "-c", `curl() { printf '%s\n' "$@"; }`+"\n"+r.Calls()[0].Curl())
	run.Env = append(os.Environ(), "WORKOS_API_KEY=the key")
	out, err := run.Output()
	if err != nil || !strings.HasSuffix(string(out), "\n-d\n"+`{"grant_type":"password","client_secret":"the key","name":"`+name+`"}`+"\n") || strings.Contains(string(out), "Bearer") {
		t.Errorf("%s, %v", out, err)
	}
}

// FuzzSnippets makes code of any texts: Go can read it, and finds them in it.
func FuzzSnippets(f *testing.F) {
	f.Add("it's $HOME `x` \"q\" \\ é\n", "id", "")
	f.Add("*/", "f%271", "https://x/y")
	f.Add("\u2028\x00\U0001F600", "..", "http://[::1]:1")
	f.Fuzz(func(t *testing.T, text, id, base string) {
		body, err := json.Marshal(map[string]string{"sms_template": text})
		if err != nil || text == Mask {
			return
		}
		var sent map[string]string // as JSON has it
		if err := json.Unmarshal(body, &sent); err != nil {
			t.Fatal(err)
		}
		c := Call{BaseURL: base, Method: "POST", Path: "/auth/factors/" + url.PathEscape(id) + "/challenge", Request: Body{JSON: body}}
		if _, _, known := c.sdk(); !known {
			if id != "" {
				t.Fatalf("%q is not known", id)
			}
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), "main.go", c.Go(), 0)
		if err != nil {
			t.Fatalf("%v\n%s", err, c.Go())
		}
		var texts []string
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok {
				text, _ := strconv.Unquote(lit.Value)
				texts = append(texts, text)
			}
			return true
		})
		for _, want := range []string{strings.ReplaceAll(sent["sms_template"], Mask, hiddenWord), strings.ReplaceAll(id, Mask, hiddenWord), base} {
			if want != "" && !slices.Contains(texts, want) {
				t.Errorf("%q is not in\n%s", want, c.Go())
			}
		}
	})
}
