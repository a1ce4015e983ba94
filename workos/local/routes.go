package local

import (
	"net/http"
	"path"
)

func (e *Engine) routes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"POST /auth/factors/enroll":         e.handle((*request).enrollFactor),
		"GET /auth/factors/{id}":            e.handle((*request).getFactor),
		"DELETE /auth/factors/{id}":         e.handle((*request).deleteFactor),
		"POST /auth/factors/{id}/challenge": e.handle((*request).challengeFactor),
		"POST /auth/challenges/{id}/verify": e.handle((*request).verifyChallenge),

		"GET /user_management/users":                    e.handle((*request).listUsers),
		"POST /user_management/users":                   e.handle((*request).createUser),
		"GET /user_management/users/{id}":               e.handle((*request).getUser),
		"GET /user_management/users/{id}/auth_factors":  e.handle((*request).listUserFactors),
		"POST /user_management/users/{id}/auth_factors": e.handle((*request).enrollUserFactor),
	}
}

// newRouter finds the handler of a request, and answers in the API's form what it
// has none for.
func newRouter(routes map[string]http.HandlerFunc) http.Handler {
	known, all := http.NewServeMux(), http.NewServeMux()
	for pattern, h := range routes {
		known.Handle(pattern, h)
		all.Handle(pattern, h)
	}
	all.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { noRoute(w, r, known) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if path.Clean(r.URL.Path) != r.URL.Path { // which a mux would redirect
			noRoute(w, r, known)
			return
		}
		all.ServeHTTP(w, r)
	})
}

// noRoute answers that there is no such path, or not with this method.
func noRoute(w http.ResponseWriter, r *http.Request, known *http.ServeMux) {
	plain, _ := known.Handler(r)
	probe := newRecorder()
	plain.ServeHTTP(probe, r)
	if probe.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", probe.header.Get("Allow"))
		write(w, answer{http.StatusMethodNotAllowed, problem{Message: "Method " + r.Method + " is not allowed here", Code: "method_not_allowed"}})
		return
	}
	write(w, answer{http.StatusNotFound, problem{Message: "Not Found: " + r.URL.Path, Code: codeNotFound}})
}
