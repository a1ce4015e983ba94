package local_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v4"

	"mfa-tui/workos/local"
)

// The answers that belong to every route, and to none.
const (
	anyRoute = "any route"
	noRoute  = "no route"
)

const externalIDs = usersPath + "/external_id/"

// known is testdata/answers.yaml: what the API answers.
type known struct {
	Shapes  map[string]any
	Answers map[string]map[int]any
	// These find the route of a request: a mux can't have users by external id beside
	// the rest.
	mux, external *http.ServeMux
}

var knownAnswers = sync.OnceValues(func() (*known, error) {
	data, err := os.ReadFile("testdata/answers.yaml")
	if err != nil {
		return nil, err
	}
	k := &known{mux: http.NewServeMux(), external: http.NewServeMux()}
	if err := yaml.Unmarshal(data, k); err != nil {
		return nil, err
	}
	for route := range k.Answers {
		switch {
		case route == anyRoute, route == noRoute:
		case strings.Contains(route, externalIDs):
			k.external.Handle(route, http.NotFoundHandler())
		default:
			k.mux.Handle(route, http.NotFoundHandler())
		}
	}
	return k, nil
})

// watch is an engine each of whose answers is compared with those that are known,
// unless a hook may have made it.
type watch struct {
	t      testing.TB
	engine *local.Engine
	seen   *sync.Map // of answers, as "route status code"
}

func (w watch) ServeHTTP(to http.ResponseWriter, r *http.Request) {
	hooked := len(w.engine.Hooks()) > 0
	tee := &tee{ResponseWriter: to, status: http.StatusOK}
	w.engine.ServeHTTP(tee, r)
	if !hooked {
		w.check(r, tee.status, tee.body.Bytes())
	}
}

func (w watch) RoundTrip(r *http.Request) (*http.Response, error) {
	hooked := len(w.engine.Hooks()) > 0
	resp, err := w.engine.RoundTrip(r)
	if err != nil || hooked {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	w.check(r, resp.StatusCode, body)
	return resp, nil
}

// tee keeps an answer while it is sent.
type tee struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (t *tee) WriteHeader(status int) {
	t.status = status
	t.ResponseWriter.WriteHeader(status)
}

// Unwrap lets a hook break the connection.
func (t *tee) Unwrap() http.ResponseWriter { return t.ResponseWriter }

func (t *tee) Write(p []byte) (int, error) {
	t.body.Write(p)
	return t.ResponseWriter.Write(p)
}

// check compares an answer of WorkOS's routes with those that are known.
func (w watch) check(r *http.Request, status int, body []byte) {
	w.t.Helper()
	if path := r.URL.Path; path == "/" || path == "/health" || strings.HasPrefix(path, "/_emulate/") || r.Method == http.MethodHead {
		return
	}
	k, err := knownAnswers()
	if err != nil {
		w.t.Fatal(err)
	}
	mux := k.mux
	if strings.HasPrefix(r.URL.Path, externalIDs) {
		mux = k.external
	}
	_, route := mux.Handler(r)
	var seen string
	for _, route := range []string{route, anyRoute, noRoute} {
		var d string
		if seen, d = k.answer(route, status, body); seen != "" {
			if d != "" {
				w.t.Errorf("%s is not as in testdata/answers.yaml: %s\n%s", seen, d, body)
			}
			if w.seen != nil {
				w.seen.Store(seen, true)
			}
			return
		}
	}
	w.t.Errorf("%s %s: an answer that is not in testdata/answers.yaml: %d %s", r.Method, r.URL.Path, status, body)
}

// answer finds an answer among those of a route, as "route status code", empty if it is
// not there, and says where it differs.
func (k *known) answer(route string, status int, body []byte) (found, differs string) {
	want, ok := k.Answers[route][status]
	if !ok {
		return "", ""
	}
	found = fmt.Sprintf("%s %d", route, status)
	var got any
	if len(body) > 0 {
		if err := json.Unmarshal(body, &got); err != nil {
			return found, err.Error()
		}
	}
	codes, isError := want.(map[string]any)
	if !isError {
		return found, k.differs("body", got, want)
	}
	object, _ := got.(map[string]any)
	code, _ := object["code"].(string)
	if code == "" {
		code, _ = object["error"].(string) // as OAuth has it
	}
	text, ok := codes[code].(string)
	if !ok {
		return "", ""
	}
	_, shape, _ := strings.Cut(text, " ")
	return found + " " + code, k.differs("body", got, shape)
}

var timeForm = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)

// differs says where a value has another shape, "" if nowhere.
func (k *known) differs(at string, got, shape any) string {
	switch shape := shape.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			break
		}
		left := maps.Clone(object)
		for name, below := range shape {
			name, optional := strings.CutSuffix(name, "?")
			value, there := object[name]
			delete(left, name)
			if !there && optional {
				continue
			}
			if !there {
				return at + "." + name + " is missing"
			}
			if d := k.differs(at+"."+name, value, below); d != "" {
				return d
			}
		}
		for name := range left {
			return at + "." + name + " is too much"
		}
		return ""
	case []any:
		list, ok := got.([]any)
		if !ok {
			break
		}
		for i, v := range list {
			if d := k.differs(fmt.Sprintf("%s[%d]", at, i), v, shape[0]); d != "" {
				return d
			}
		}
		return ""
	case string:
		if names, ok := strings.CutPrefix(shape, "$"); ok {
			var d string
			for name := range strings.SplitSeq(names, "|") {
				below, ok := k.Shapes[name]
				if !ok {
					return "there is no shape " + name
				}
				if d = k.differs(at, got, below); d == "" {
					return ""
				}
			}
			return d
		}
		if constants, ok := strings.CutPrefix(shape, "="); ok {
			if text, ok := got.(string); ok && slices.Contains(strings.Split(constants, "|"), text) {
				return ""
			}
			break
		}
		if slices.ContainsFunc(strings.Split(shape, "|"), func(kind string) bool { return isA(kind, got) }) {
			return ""
		}
	}
	return fmt.Sprintf("%s is %v, want %v", at, got, shape)
}

// isA reports whether a value has a type of testdata/answers.yaml.
func isA(kind string, v any) bool {
	text, isText := v.(string)
	switch kind {
	case "string":
		return isText
	case "time":
		return timeForm.MatchString(text)
	case "boolean":
		_, ok := v.(bool)
		return ok
	case "null", "nothing":
		return v == nil
	case "texts":
		object, ok := v.(map[string]any)
		for _, v := range object {
			_, isText := v.(string)
			ok = ok && isText
		}
		return ok
	}
	return false
}

// The list of answers has the routes that GET / lists, and says where each error is from.
func TestKnownAnswers(t *testing.T) {
	k, err := knownAnswers()
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, route := range newSite(t).must(200, "GET /", "", "Authorization", "")["emulated"].([]any) {
		listed = append(listed, route.(string))
	}
	routes := slices.DeleteFunc(slices.Sorted(maps.Keys(k.Answers)), func(s string) bool { return s == anyRoute || s == noRoute })
	if slices.Sort(listed); !slices.Equal(listed, routes) {
		t.Errorf("GET / lists %q, answers.yaml has %q", listed, routes)
	}
	source := regexp.MustCompile(`^(described|recorded|sdk|guess) \$`)
	for route, answers := range k.Answers {
		for status, answer := range answers {
			codes, _ := answer.(map[string]any)
			for code, text := range codes {
				if s, _ := text.(string); !source.MatchString(s) {
					t.Errorf("%s %d %s: %v", route, status, code, text)
				}
			}
		}
	}
}

// A shape that can't fail would prove nothing.
func TestShapesDiffer(t *testing.T) {
	k, err := knownAnswers()
	if err != nil {
		t.Fatal(err)
	}
	const good = `{"message":"a","code":"b","errors":[{"field":"c","code":"d"}]}`
	for body, want := range map[string]string{
		good:                                   "",
		`{"message":"a","code":"b"}`:           "errors is missing",
		`{"message":1,"code":"b","errors":[]}`: "message is 1",
		`{"message":null,"code":"b","errors":[]}`:                         "message is <nil>",
		`{"message":"a","code":"b","errors":[],"x":1}`:                    "x is too much",
		`{"message":"a","code":"b","errors":{}}`:                          "errors is map[]",
		`{"message":"a","code":"b","errors":[{"field":"c","code":null}]}`: "errors[0].code is <nil>",
		`[]`: "body is []",
	} {
		var v any
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			t.Fatal(err)
		}
		if got := k.differs("body", v, "$fields"); !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
	for shape, v := range map[string]any{"=a|b": "c", "time": "2026-01-15", "string|null": true, "boolean": "true", "texts": map[string]any{"a": 1.0}, "nothing": "x", "$no such": "x"} {
		if k.differs("body", v, shape) == "" {
			t.Errorf("%v passes as %s", v, shape)
		}
	}
}
