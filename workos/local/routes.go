package local

import "net/http"

func (e *Engine) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, f := range map[string]func(*request) answer{
		"POST /auth/factors/enroll":         (*request).enrollFactor,
		"GET /auth/factors/{id}":            (*request).getFactor,
		"DELETE /auth/factors/{id}":         (*request).deleteFactor,
		"POST /auth/factors/{id}/challenge": (*request).challengeFactor,
		"POST /auth/challenges/{id}/verify": (*request).verifyChallenge,

		"GET /user_management/users":                    (*request).listUsers,
		"POST /user_management/users":                   (*request).createUser,
		"GET /user_management/users/{id}":               (*request).getUser,
		"GET /user_management/users/{id}/auth_factors":  (*request).listUserFactors,
		"POST /user_management/users/{id}/auth_factors": (*request).enrollUserFactor,
	} {
		mux.Handle(pattern, e.handle(f))
	}
	return mux
}

// noRoute answers in the API's form what the mux would say as plain text: no
// such path, or not with this method.
func (e *Engine) noRoute(w http.ResponseWriter, r *http.Request, plain http.Handler) {
	probe := newRecorder()
	plain.ServeHTTP(probe, r)
	if probe.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", probe.header.Get("Allow"))
		write(w, answer{http.StatusMethodNotAllowed, problem{Message: "Method " + r.Method + " is not allowed here", Code: "method_not_allowed"}})
		return
	}
	write(w, answer{http.StatusNotFound, problem{Message: "Not Found: " + r.URL.Path, Code: codeNotFound}})
}
