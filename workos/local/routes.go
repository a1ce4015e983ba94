package local

import (
	"encoding/json"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/dustin/go-humanize/english"
)

// routes are those of WorkOS that need the key.
func (e *Engine) routes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"POST /auth/factors/enroll":         e.handle((*request).enrollFactor),
		"GET /auth/factors/{id}":            e.handle(withFactor((*request).getFactor)),
		"DELETE /auth/factors/{id}":         e.handle(withFactor((*request).deleteFactor)),
		"POST /auth/factors/{id}/challenge": e.handle(withFactor((*request).challengeFactor)),
		"POST /auth/challenges/{id}/verify": e.handle(withChallenge((*request).verifyChallenge)),

		"GET /user_management/users":                    e.handle((*request).listUsers),
		"POST /user_management/users":                   e.handle((*request).createUser),
		"GET /user_management/users/{id}":               e.handle(withUser((*request).getUser)),
		"PUT /user_management/users/{id}":               e.handle(withUser((*request).updateUser)),
		"DELETE /user_management/users/{id}":            e.handle(withUser((*request).deleteUser)),
		"GET " + externalIDs + "{external_id}":          e.handle((*request).getUserByExternalID),
		"GET /user_management/users/{id}/auth_factors":  e.handle(withUser((*request).listUserFactors)),
		"POST /user_management/users/{id}/auth_factors": e.handle(withUser((*request).enrollUserFactor)),

		"POST /user_management/magic_auth":     e.handle((*request).createMagicAuth),
		"GET /user_management/magic_auth/{id}": e.handle(withMagicAuth((*request).getMagicAuth)),

		"GET /events": e.handle((*request).listEvents),
	}
}

// openRoutes are those of WorkOS that need no key as a bearer: the caller sends it in the
// body, or what they answer is public.
func (e *Engine) openRoutes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"POST " + authenticatePath:  e.withSigningKey(e.handleEach((*request).authenticate)),
		"GET /sso/jwks/{client_id}": e.withSigningKey(e.handle((*request).getJWKS)),
	}
}

func withFactor(f func(*request, *factor) response) func(*request) response {
	return func(r *request) response { return with(r, r.Factors, "Authentication Factor", f) }
}

func withChallenge(f func(*request, *challenge) response) func(*request) response {
	return func(r *request) response { return with(r, r.Challenges, "Authentication Challenge", f) }
}

func withUser(f func(*request, *user) response) func(*request) response {
	return func(r *request) response { return with(r, r.Users, "User", f) }
}

func withMagicAuth(f func(*request, *magicAuth) response) func(*request) response {
	return func(r *request) response { return with(r, r.MagicAuths, "MagicAuth", f) }
}

// with calls f with the object that the path names.
func with[T any](r *request, known map[string]*T, kind string, f func(*request, *T) response) response {
	id := r.http.PathValue("id")
	if v := known[id]; v != nil {
		return f(r, v)
	}
	return notFound(kind, id)
}

// ownRoutes are what WorkOS does not have, beside the tools and the list of routes. They
// need no key.
func (e *Engine) ownRoutes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /health": func(w http.ResponseWriter, _ *http.Request) {
			write(w, response{http.StatusOK, map[string]string{"status": "ok"}})
		},
	}
}

// externalIDs begins the paths of users by external id. A mux can't have them beside
// {id}/auth_factors, since external_id/auth_factors would be both.
const externalIDs = "/user_management/users/external_id/"

// addRoutes gives the engine all its routes, those below externalIDs in a mux of their
// own, and remembers which ones need the key.
func (e *Engine) addRoutes() {
	e.mux, e.external, e.keyed = http.NewServeMux(), http.NewServeMux(), e.routes()
	for _, routes := range []map[string]http.HandlerFunc{e.keyed, e.openRoutes(), e.ownRoutes(), e.toolRoutes()} {
		for pattern, h := range routes {
			if strings.Contains(pattern, externalIDs) {
				e.external.Handle(pattern, h)
			} else {
				e.mux.Handle(pattern, h)
			}
		}
	}
	e.mux.HandleFunc("GET /{$}", e.listRoutes)
}

// listRoutes answers GET / with what is emulated, for a person at a shell or in a browser.
func (e *Engine) listRoutes(w http.ResponseWriter, _ *http.Request) {
	list := func(tables ...map[string]http.HandlerFunc) (patterns []string) {
		for _, routes := range tables {
			patterns = slices.AppendSeq(patterns, maps.Keys(routes))
		}
		byPath := func(pattern string) string {
			method, path, _ := strings.Cut(pattern, " ")
			return path + " " + method
		}
		slices.SortFunc(patterns, func(a, b string) int { return strings.Compare(byPath(a), byPath(b)) })
		return patterns
	}
	body, err := json.MarshalIndent(struct {
		Emulated []string `json:"emulated"`
		Tools    []string `json:"tools"`
	}{list(e.keyed, e.openRoutes()), list(e.ownRoutes(), e.toolRoutes())}, "", "  ")
	if err != nil {
		write(w, internal(err))
		return
	}
	w.Header().Set("Content-Type", jsonType)
	w.Write(append(body, '\n')) // fails only if the client has gone
}

// find returns the mux for a request and the pattern that it has there, empty for none.
func (e *Engine) find(r *http.Request) (mux *http.ServeMux, pattern string) {
	mux = e.mux
	if strings.HasPrefix(r.URL.Path, externalIDs) {
		mux = e.external
	}
	_, pattern = mux.Handler(r)
	return mux, pattern
}

// route serves a request by the mux that find has found. Without a pattern, the response
// has the API's form.
func (e *Engine) route(w http.ResponseWriter, r *http.Request, mux *http.ServeMux, pattern string) {
	if p := r.URL.EscapedPath(); path.Clean(p) != p { // which a mux would redirect
		noRoute{w, r}.WriteHeader(http.StatusNotFound)
		return
	}
	if pattern == "" {
		w = noRoute{w, r}
	}
	mux.ServeHTTP(w, r)
}

// noRoute replaces a mux's own response by one in the API's form: there is no such
// path, 404, or not with this method, 405. Then the header Allow has those there are.
type noRoute struct {
	http.ResponseWriter
	request *http.Request
}

func (w noRoute) WriteHeader(status int) {
	w.Header().Del("X-Content-Type-Options")
	body := notEmulated(w.request.Method, w.request.URL.Path)
	if allowed := w.Header().Get("Allow"); allowed != "" {
		body.Message = w.request.URL.Path + " takes " + english.WordSeries(strings.Split(allowed, ", "), "or") + ", not " + w.request.Method + "."
	}
	write(w.ResponseWriter, response{status, body})
}

// unknownCall is the body of the response to a call that the engine does not know.
type unknownCall struct {
	problem
	Method   string `json:"method"`
	Path     string `json:"path"`
	Emulated string `json:"emulated"` // where the routes are listed
}

func notEmulated(method, path string) unknownCall {
	return unknownCall{problem{Message: method + " " + path + " is not emulated. GET / lists the routes that are.", Code: codeNotEmulated}, method, path, "/"}
}

// Write drops the mux's text.
func (w noRoute) Write(p []byte) (int, error) { return len(p), nil }
