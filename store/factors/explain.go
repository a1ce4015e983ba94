package factors

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// Explain says what failed, then what to do about it, in parts for the caller to join.
func (l *List) Explain(err error) []string {
	var parts []string
	var api *workos.Error
	errors.As(err, &api)
	for line := range strings.Lines(err.Error()) { // errors.Join puts each on a line
		line = strings.TrimSuffix(line, "\n")
		if api != nil {
			if before, after, ok := strings.Cut(line, api.Error()); ok {
				what, advice := l.Diagnose(err)
				what[0] = before + what[0] + after
				parts = append(parts, what...)
				for _, part := range []string{advice, requestOf(api)} {
					if part != "" {
						parts = append(parts, part)
					}
				}
				continue
			}
		}
		parts = append(parts, line)
	}
	for i, p := range parts {
		parts[i] = words.Clean(p)
	}
	return parts
}

// Diagnose is Explain for an error that has a [*workos.Error], in two: what failed,
// and what to do about it, empty if nothing is known.
func (l *List) Diagnose(err error) (what []string, advice string) {
	var api *workos.Error
	if !errors.As(err, &api) {
		return []string{err.Error()}, ""
	}
	what, advice = l.advice(api, errors.As(err, new(*UncertainError)))
	if api.OnPurpose { // nothing is to be mended
		what, advice = append(what, OnPurpose), ""
	}
	var change *ChangeError
	if errors.As(err, &change) {
		what = append(what, change.State)
	}
	return what, advice
}

// OnPurpose says that an error is one that a test server was asked for.
const OnPurpose = "this error was made on purpose"

// requestOf names the request, which WorkOS support asks for, if there was a response.
func requestOf(err *workos.Error) string {
	if err.RequestID == "" {
		return ""
	}
	return "request " + err.RequestID
}

// advice explains an error of the API. It does not say to try again what may have worked:
// how to do that once is for the caller to say.
func (l *List) advice(err *workos.Error, uncertain bool) (what []string, advice string) {
	again := "try again in "
	if uncertain {
		again = "wait "
	}
	service, status := l.Service(), fmt.Sprintf(" (%d)", err.StatusCode)
	switch {
	case workos.IsUnauthorized(err):
		return []string{service + " refused the API key (401)"}, "check WORKOS_API_KEY and start again"
	case workos.IsRateLimited(err):
		return []string{"too many requests (429)"}, again + span(err.RetryAfter, "a moment")
	case err.Location != "":
		what = []string{"the response is a redirect to " + err.Location + status + ", which was not followed"}
	case err.Intercepted:
		what = []string{"the response is a web page, not JSON" + status}
		if err.Err != nil && err.StatusCode == http.StatusNotFound {
			what = []string{err.Err.Error() + status}
		}
	case workos.IsNotFound(err):
		return []string{service + " does not know " + cmp.Or(err.EntityID, err.Path) + " (404)"},
			"check the ID: it may be mistyped or shortened, deleted there, or from another environment"
	case err.StatusCode == 0:
		return l.noResponse(err)
	case err.StatusCode >= http.StatusInternalServerError:
		what = []string{fmt.Sprintf("%s returned an error (%s)", service, strings.TrimSpace(fmt.Sprint(err.StatusCode, " ", err.Message)))}
		switch {
		case l.Mode == Local:
			return what, "try again; if it keeps failing, move the engine's file away: it is beside the factor file and ends in .local.json"
		case l.Host == "" && err.RetryAfter == 0:
			return what, again + "a while; https://status.workos.com shows whether WorkOS has an outage"
		}
		return what, again + span(err.RetryAfter, "a while")
	default:
		what = sentences(err)
		what[len(what)-1] += status
		return what, ""
	}
	switch {
	case !err.Intercepted:
		return what, "check the base URL"
	case l.Host != "":
		return what, "check the base URL; a login page of the network may have responded instead of " + service
	}
	advice = "something between you and " + service + " responded, such as a login page of the network: open a browser"
	if !uncertain {
		advice += ", then try again"
	}
	return what, advice
}

// sentences is what the API says in a refusal: the message, then what is wrong with
// each field, of which a long list is cut.
func sentences(err *workos.Error) []string {
	const most = 3
	standard := http.StatusText(err.StatusCode)
	all := []string{cmp.Or(err.Message, standard)}
	if all[0] == standard && !strings.EqualFold(err.Code, standard) {
		all[0] = cmp.Or(err.Code, standard)
	}
	for _, f := range err.Fields {
		text := strings.TrimSpace(f.Field + " " + f.Code)
		if f.Message != "" {
			text = strings.TrimSuffix(f.Message, ".")
			if !strings.Contains(text, f.Field) {
				text = f.Field + ": " + text
			}
		}
		same := func(other string) bool { return strings.EqualFold(strings.TrimSuffix(other, "."), text) }
		if !slices.ContainsFunc(all, same) {
			all = append(all, text)
		}
	}
	if len(all) > 1 && all[0] == standard { // which says less
		all = all[1:]
	}
	if len(all) > 1 { // they are joined by semicolons
		all[0] = strings.TrimSuffix(all[0], ".")
	}
	if more := len(all) - most; more > 1 {
		all = append(all[:most], fmt.Sprintf("and %d more", more))
	}
	return all
}

// span says how long to wait, where that is known.
func span(wait time.Duration, unknown string) string {
	if wait <= 0 {
		return unknown
	}
	return words.Span(wait)
}

// FileAdvice says what to do about a factor file that can't be read before trying
// again, and when the backup was written, zero if there is none to restore.
func FileAdvice(err error) (advice string, backup time.Time) {
	var broken *store.BrokenError
	if !errors.As(err, &broken) {
		return "Fix it", time.Time{}
	}
	if errors.Is(err, store.ErrForeign) {
		return "The file was not changed. Move it away", time.Time{}
	}
	if broken.Backup != "" {
		backup = broken.BackupAt
	}
	return "The file was not changed. Don't delete it: without its IDs the factors can't be found. Fix it or move it away", backup
}
