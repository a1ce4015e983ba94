package local

import (
	"net/http"
	"path"
	"strings"
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
		"PUT /user_management/users/{id}":               e.handle(withUser((*request).updateUser)),
		"DELETE /user_management/users/{id}":            e.handle(withUser((*request).deleteUser)),
		"GET " + externalIDs + "{external_id}":          e.handle((*request).getUserByExternalID),
		"GET /user_management/users/{id}/auth_factors":  e.handle(withUser((*request).listUserFactors)),
		"POST /user_management/users/{id}/auth_factors": e.handle(withUser((*request).enrollUserFactor)),
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

// with calls f with the object that the path names.
func with[T any](r *request, known map[string]*T, kind string, f func(*request, *T) response) response {
	id := r.http.PathValue("id")
	if v := known[id]; v != nil {
		return f(r, v)
	}
	return notFound(kind, id)
}

// externalIDs begins the paths of users by external id. A mux can't have them beside
// {id}/auth_factors, since external_id/auth_factors would be both.
const externalIDs = "/user_management/users/external_id/"

// newMuxes has all routes of the engine, those below externalIDs on their own.
func (e *Engine) newMuxes() (mux, external *http.ServeMux) {
	mux, external = http.NewServeMux(), http.NewServeMux()
	for _, routes := range []map[string]http.HandlerFunc{e.routes(), e.toolRoutes()} {
		for pattern, h := range routes {
			if strings.Contains(pattern, externalIDs) {
				external.Handle(pattern, h)
			} else {
				mux.Handle(pattern, h)
			}
		}
	}
	return mux, external
}

// route serves a request by the mux. Where the mux has no handler, the response has
// the API's form.
func (e *Engine) route(w http.ResponseWriter, r *http.Request) {
	if p := r.URL.EscapedPath(); path.Clean(p) != p { // which a mux would redirect
		noRoute{w, r}.WriteHeader(http.StatusNotFound)
		return
	}
	mux := e.mux
	if strings.HasPrefix(r.URL.Path, externalIDs) {
		mux = e.external
	}
	if _, pattern := mux.Handler(r); pattern == "" {
		w = noRoute{w, r}
	}
	mux.ServeHTTP(w, r)
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
