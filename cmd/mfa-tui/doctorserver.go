package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/joho/godotenv"

	"mfa-tui/store/factors"
	"mfa-tui/workos"
)

// environment checks where the program works, and who said so.
func (x *examination) environment(c config) {
	if c.notice != "" {
		x.note("env file", warning, c.notice, "name another one with --env-file, or leave it out")
	}
	if c.mode == factors.Local {
		x.localMode()
		return
	}
	what := fmt.Sprintf("%s: WORKOS_API_KEY %s from %s", c.mode, keyKind(c.apiKey), x.source("WORKOS_API_KEY"))
	if c.mode == factors.Live {
		what += "; text messages go to real people"
	}
	if keyForm.MatchString(c.apiKey) {
		x.ok("environment", "%s", what)
	} else {
		x.note("environment", warning, what+"; it does not look like a key of WorkOS: sk_, then letters, digits and _",
			"copy it again from the API Keys page of the WorkOS dashboard, without quotes")
	}
	x.privateEnvFile()
	x.clientID()
}

func (x *examination) localMode() {
	var unused []string
	for _, name := range []string{"WORKOS_CLIENT_ID", "WORKOS_BASE_URL"} {
		if x.env[name] != "" {
			unused = append(unused, name)
		}
	}
	switch {
	case x.flags.local:
		x.ok("environment", "LOCAL, as --local says")
	case len(unused) > 0:
		x.note("environment", warning, "LOCAL: "+strings.Join(unused, " and ")+" set, but WORKOS_API_KEY is not",
			"to work with WorkOS, set WORKOS_API_KEY too")
	default:
		x.ok("environment", "LOCAL: WORKOS_API_KEY is not set, so everything is on the local engine")
	}
}

// keyForm is what WorkOS's keys look like.
var keyForm = regexp.MustCompile(`^sk_[0-9A-Za-z_]+$`)

// keyKind is a key without what is secret about it.
func keyKind(key string) string {
	for _, prefix := range []string{testKeyPrefix, "sk_live_", "sk_"} {
		if strings.HasPrefix(key, prefix) {
			return prefix + "…"
		}
	}
	return "…"
}

// source tells where a variable comes from.
func (x *examination) source(name string) string {
	if _, ok := x.given[name]; !ok {
		return x.flags.envFile
	}
	vars, err := godotenv.Read(x.flags.envFile)
	if other, ok := vars[name]; err == nil && ok && other != x.given[name] {
		return "the environment, which wins over " + x.flags.envFile + " with another one"
	}
	return "the environment"
}

// privateEnvFile checks that others can't read the key in the env file.
func (x *examination) privateEnvFile() {
	vars, err := godotenv.Read(x.flags.envFile)
	if err != nil || vars["WORKOS_API_KEY"] == "" {
		return
	}
	info, err := os.Stat(x.flags.envFile)
	if err == nil && hasModes && info.Mode().Perm()&0o077 != 0 {
		x.note("env file", warning, fmt.Sprintf("other users can read the key in %s (mode %04o)", x.flags.envFile, info.Mode().Perm()),
			"chmod 600 "+x.flags.envFile)
	}
}

// hasModes reports whether the mode of a file says who may read it.
const hasModes = runtime.GOOS != "windows"

func (x *examination) clientID() {
	id := strings.TrimSpace(x.env["WORKOS_CLIENT_ID"])
	switch {
	case id == "":
		x.note("client id", warning, "WORKOS_CLIENT_ID is not set, so the factors are kept by the key: with a new key the list is empty",
			"set it; it is beside the key in the WorkOS dashboard")
	case !strings.HasPrefix(id, "client_"):
		x.note("client id", warning, "WORKOS_CLIENT_ID does not begin with client_", "copy it again from the API Keys page of the WorkOS dashboard")
	default:
		x.ok("client id", "%s from %s", id, x.source("WORKOS_CLIENT_ID"))
	}
}

// nobodysFactor is the id of a factor that can't exist: its time is that of 1970.
// To ask for it costs nothing, tells of nobody, and is refused like any other
// call if the key is wrong.
const nobodysFactor = "auth_factor_00000000000000000000000000"

// server checks that the server answers, takes the key and has the same time.
func (x *examination) server(ctx context.Context, a *app, patience time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	began := time.Now()
	_, err := a.API.GetFactor(ctx, workos.GetFactorOpts{FactorID: nobodysFactor})
	took := time.Since(began).Round(time.Millisecond)
	where := a.Service()
	if a.engine == nil {
		where = fmt.Sprintf("%s (%s)", a.config.baseURL, x.baseURLSource())
	}
	var answer *workos.Error
	errors.As(err, &answer)
	const unasked = "not checked, since the server did not answer as it should"
	switch {
	case err == nil, workos.IsNotFound(err) && answer.Code != "":
		x.ok("server", "%s answered in %s", where, took)
		x.key(a, well, "accepted", "")
	case workos.IsUnauthorized(err):
		x.ok("server", "%s answered in %s", where, took)
		x.key(a, failed, "refused: "+err.Error(), "check WORKOS_API_KEY: it may have been revoked, or belong to another server")
		x.cause = err
	case answer != nil && answer.StatusCode == http.StatusForbidden:
		x.ok("server", "%s answered in %s", where, took)
		x.key(a, failed, "not allowed to do this: "+err.Error(), "use a key that may manage factors")
	case workos.IsRateLimited(err):
		x.note("server", warning, where+" asks for fewer calls: "+err.Error(), "wait a little")
		x.key(a, warning, unasked, "")
	default:
		x.note("server", failed, unanswered(where, patience, err), x.reach(a, err))
		x.key(a, warning, unasked, "")
	}
	x.clock(a)
}

// unanswered tells what came of a call to a server that is none of WorkOS's, or
// did not answer.
func unanswered(where string, patience time.Duration, err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("%s did not answer in %s", where, patience)
	case workos.IsNotFound(err):
		return where + " answers, but not as WorkOS does: " + err.Error()
	}
	return where + ": " + err.Error()
}

// reach is what to do about a server that did not answer as it should.
func (x *examination) reach(a *app, err error) string {
	switch {
	case a.engine != nil:
		return fmt.Sprintf("look at %s; moved away, the local engine starts anew", enginePath(a.config.storePath))
	case workos.IsUnreachable(err):
		return "check the network, a proxy (HTTPS_PROXY), and the base URL if one is set"
	case workos.IsNotFound(err):
		return "check the base URL"
	}
	return "try again later; https://status.workos.com tells of troubles there"
}

// key notes what is known of the key. The local engine takes any.
func (x *examination) key(a *app, status health, message, fix string) {
	if a.engine == nil {
		x.note("key", status, message, fix)
	}
}

func (x *examination) baseURLSource() string {
	switch {
	case x.flags.baseURL != "":
		return "from --base-url"
	case x.env["WORKOS_BASE_URL"] != "":
		return "WORKOS_BASE_URL from " + x.source("WORKOS_BASE_URL")
	}
	return "the default"
}

// Skews of this machine's clock. TOTP takes a code of the step before or after,
// and a step is 30 s.
const (
	skewToTell   = 5 * time.Second
	skewTooLarge = 30 * time.Second
)

// clock checks the time of this machine against that of the server.
func (x *examination) clock(a *app) {
	skew, told := a.API.ClockSkew()
	const fix = "set the clock by the network: timedatectl set-ntp true, or the system's settings"
	side := "behind"
	if skew < 0 {
		side, skew = "ahead of", -skew
	}
	switch {
	case a.engine != nil:
		x.ok("clock", "the local engine goes by this machine's")
	case !told:
		x.note("clock", warning, "not compared, since the server told no time", "")
	case skew > skewTooLarge:
		x.note("clock", failed, fmt.Sprintf("%s %s the server's: from 30s on, TOTP codes that are made on this machine are not valid", skew, side), fix)
	case skew > skewToTell:
		x.note("clock", warning, fmt.Sprintf("%s %s the server's: from 30s on, TOTP codes that are made on this machine are not valid", skew, side), fix)
	default:
		x.ok("clock", "the same as the server's, to %s", max(skew, time.Second))
	}
}
