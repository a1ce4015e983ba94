package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"runtime"
	"strings"
	"time"

	"mfa-tui/store/factors"
	"mfa-tui/workos"
)

const copyAgain = "copy it again from the API Keys page of the WorkOS dashboard"

// environment checks what the program works with, and where that is set.
func (r *report) environment(c config) {
	if c.notice.text != "" {
		r.warn("env file", c.notice.fix, "%s", c.notice.text)
	}
	if c.mode == factors.Local {
		r.localMode()
		return
	}
	what := fmt.Sprintf("%s: WORKOS_API_KEY %s from %s", c.mode, keyKind(c.apiKey), r.source("WORKOS_API_KEY"))
	if c.mode == factors.Live {
		what += "; text messages go to real people"
	}
	if keyForm.MatchString(c.apiKey) {
		r.ok("environment", "%s", what)
	} else {
		r.warn("environment", copyAgain+", without quotes", "%s; it does not look like a WorkOS key: sk_, then letters, digits and _", what)
	}
	if mode := modeOf(r.flags.envFileName()); hasModes && r.envFile["WORKOS_API_KEY"] != "" && mode.Perm()&0o077 != 0 {
		r.warn("env file", "chmod 600 "+r.flags.envFileName(), "other users can read the key in %s (mode %04o)", r.flags.envFileName(), mode.Perm())
	}
	if _, err := workos.ParseBaseURL(c.baseURL); errors.Is(err, workos.ErrUnencrypted) {
		r.warn("environment", "use https, or a tunnel to this machine", "the key is sent to %s unencrypted, as --insecure-http allows", c.host)
	}
	switch id := strings.TrimSpace(r.env["WORKOS_CLIENT_ID"]); {
	case id == "":
		r.warn("client id", "set it; it is beside the key in the WorkOS dashboard",
			"WORKOS_CLIENT_ID is not set, so the factors belong to the key: with a new key the list is empty")
	case !strings.HasPrefix(id, "client_"):
		r.warn("client id", copyAgain, "WORKOS_CLIENT_ID does not begin with client_")
	default:
		r.ok("client id", "%s from %s", id, r.source("WORKOS_CLIENT_ID"))
	}
}

func (r *report) localMode() {
	var unused []string
	for _, name := range []string{"WORKOS_CLIENT_ID", "WORKOS_BASE_URL"} {
		if r.env[name] != "" {
			unused = append(unused, name)
		}
	}
	switch {
	case r.flags.local:
		r.ok("environment", "LOCAL, because of --local")
	case len(unused) > 0:
		r.warn("environment", "to work with WorkOS, set WORKOS_API_KEY too",
			"LOCAL: %s set, but WORKOS_API_KEY is not", strings.Join(unused, " and "))
	default:
		r.ok("environment", "LOCAL: WORKOS_API_KEY is not set, so everything is on the local engine")
	}
}

// keyForm is what WorkOS's keys look like.
var keyForm = regexp.MustCompile(`^sk_[0-9A-Za-z_]+$`)

// keyKind is the part of a key that is no secret.
func keyKind(key string) string {
	for _, prefix := range []string{testKeyPrefix, "sk_live_", "sk_"} {
		if strings.HasPrefix(key, prefix) {
			return prefix + "…"
		}
	}
	return "…"
}

// source says where a variable is set.
func (r *report) source(name string) string {
	given, isGiven := r.given[name]
	inFile, isInFile := r.envFile[name]
	switch {
	case !isGiven:
		return r.flags.envFileName()
	case isInFile && inFile != given:
		return "the environment, which wins over another one in " + r.flags.envFileName()
	}
	return "the environment"
}

// hasModes reports whether the mode of a file says who may read it.
const hasModes = runtime.GOOS != windowsOS

// impossibleFactor is the ID of a factor that can't exist: its time is that of 1970.
// Asking for it costs nothing and names nobody, and a wrong key is refused as in
// any other call.
const impossibleFactor = "auth_factor_00000000000000000000000000"

// server checks that the server answers, and takes the key.
func (r *report) server(ctx context.Context, a *app, patience time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	began := time.Now()
	_, err := a.API.GetFactor(ctx, workos.GetFactorOpts{FactorID: impossibleFactor})
	took := time.Since(began).Round(time.Millisecond)
	where := a.Service()
	if a.engine == nil {
		where = fmt.Sprintf("%s (%s)", a.config.baseURL, r.baseURLSource())
	}
	var response workos.Error
	if api := (*workos.Error)(nil); errors.As(err, &api) {
		response = *api
	}
	accepted := err == nil || workos.IsNotFound(err) && response.Code != ""
	refused := workos.IsUnauthorized(err) || response.StatusCode == http.StatusForbidden && !response.Intercepted
	var message, fix string
	if err != nil {
		var what []string
		what, fix = a.Diagnose(err)
		if message = strings.Join(what, "; "); response.RequestID != "" {
			message += "; request " + response.RequestID
		}
	}
	if a.engine != nil {
		fix = fmt.Sprintf("look at %s; if you move it away, the local engine starts empty", a.state.Path())
	}
	switch {
	case accepted, refused:
		r.ok("server", "%s answered in %s", where, took)
	case workos.IsRateLimited(err):
		r.warn("server", fix, "%s: %s", where, message)
	case workos.IsNotFound(err):
		r.fail("server", "check the base URL", "%s responds, but not as WorkOS does: %s", where, message)
	default:
		r.fail("server", fix, "%s: %s", where, message)
	}
	switch {
	case a.engine != nil: // it takes any key
	case accepted:
		r.ok("key", "accepted")
	case workos.IsUnauthorized(err):
		r.fail("key", fix+"; the key may have been revoked, or belong to another server", "refused: %s", message)
		r.cause = err
	case refused:
		r.fail("key", "use a key that is allowed to manage factors", "not allowed to do this: %s", message)
	default:
		r.warn("key", "fix the server first, then run doctor again", "not checked, because the server did not answer as it should")
	}
}

func (r *report) baseURLSource() string {
	switch {
	case r.flags.baseURL != "":
		return "from --base-url"
	case r.env["WORKOS_BASE_URL"] != "":
		return "WORKOS_BASE_URL from " + r.source("WORKOS_BASE_URL")
	}
	return "the default"
}

// How far this computer's clock may be off. TOTP takes a code of the step before
// or after, and a step is 30 s.
const (
	skewToTell   = 5 * time.Second
	skewTooLarge = 30 * time.Second
)

// clock compares this computer's clock with the server's.
func (r *report) clock(a *app) {
	skew, known := a.API.ClockSkew()
	side := "behind"
	if skew < 0 {
		side, skew = "ahead of", -skew
	}
	status := warning
	if skew > skewTooLarge {
		status = failed
	}
	switch {
	case a.engine != nil:
		r.ok("clock", "the local engine uses this computer's")
	case !known:
		r.warn("clock", "sync this computer's clock over the network", "not compared, because the server sent no time")
	case skew > skewToTell:
		r.add("clock", status, "sync the clock over the network: "+r.onWindows("w32tm /resync", "timedatectl set-ntp true")+", or the system's settings",
			"%s %s the server's: from 30s on, TOTP codes from this computer are not valid", skew, side)
	default:
		r.ok("clock", "the same as the server's, within %s", max(skew, time.Second))
	}
}
