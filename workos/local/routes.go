package local

import (
	"net/http"
	"path"
)

// routes are those of WorkOS, and /health.
func (e *Engine) routes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"/health": func(w http.ResponseWriter, _ *http.Request) {
			write(w, response{http.StatusOK, map[string]string{"status": "ok"}})
		},

		"POST /auth/factors/enroll":         e.handle((*request).enrollFactor),
		"GET /auth/factors/{id}":            e.handle(withFactor((*request).getFactor)),
		"DELETE /auth/factors/{id}":         e.handle(withFactor((*request).deleteFactor)),
		"POST /auth/factors/{id}/challenge": e.handle(withFactor((*request).challengeFactor)),
		"POST /auth/challenges/{id}/verify": e.handle(withChallenge((*request).verifyChallenge)),

		"GET /user_management/users":                    e.handle((*request).listUsers),
		"POST /user_management/users":                   e.handle((*request).createUser),
		"GET /user_management/users/{id}":               e.handle(withUser((*request).getUser)),
		"GET /user_management/users/{id}/auth_factors":  e.handle(withUser((*request).listUserFactors)),
		"POST /user_management/users/{id}/auth_factors": e.handle(withUser((*request).enrollUserFactor)),

		"POST /user_management/magic_auth":     e.handle((*request).createMagicAuth),
		"GET /user_management/magic_auth/{id}": e.handle(withMagicAuth((*request).getMagicAuth)),
	}
}

// openRoutes are those of WorkOS that need no key as a bearer: the caller sends it in the
// body, or what they answer is public.
func (e *Engine) openRoutes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"POST /user_management/authenticate": e.handleEach((*request).authenticate),
		"GET /sso/jwks/{client_id}":          e.handle((*request).getJWKS),
	}
}

func withFactor(f func(*request, *factor) response) func(*request) response {
	return func(r *request) response { return with(r, r.Factors, "Authentication factor", f) }
}

func withChallenge(f func(*request, *challenge) response) func(*request) response {
	return func(r *request) response { return with(r, r.Challenges, "Authentication challenge", f) }
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

// newMux has all routes of the engine.
func (e *Engine) newMux() *http.ServeMux {
	mux := http.NewServeMux()
	e.open = e.openRoutes()
	for _, routes := range []map[string]http.HandlerFunc{e.routes(), e.open, e.toolRoutes()} {
		for pattern, h := range routes {
			mux.Handle(pattern, h)
		}
	}
	return mux
}

// route serves a request by the mux. Where the mux has no handler, the response has
// the API's form.
func (e *Engine) route(w http.ResponseWriter, r *http.Request) {
	if path.Clean(r.URL.Path) != r.URL.Path { // which a mux would redirect
		noRoute{w, r}.WriteHeader(http.StatusNotFound)
		return
	}
	if _, pattern := e.mux.Handler(r); pattern == "" {
		w = noRoute{w, r}
	}
	e.mux.ServeHTTP(w, r)
}

// noRoute replaces a mux's own response by one in the API's form: there is no such
// path, or not with this method. The header Allow stays.
type noRoute struct {
	http.ResponseWriter
	request *http.Request
}

func (w noRoute) WriteHeader(status int) {
	w.Header().Del("X-Content-Type-Options")
	resp := response{http.StatusNotFound, problem{Message: "Not Found: " + w.request.URL.Path, Code: codeNotFound}}
	if status == http.StatusMethodNotAllowed {
		resp = response{status, problem{Message: "Method " + w.request.Method + " is not allowed here", Code: "method_not_allowed"}}
	}
	write(w.ResponseWriter, resp)
}

// Write drops the mux's text.
func (w noRoute) Write(p []byte) (int, error) { return len(p), nil }
