package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"mfa-tui/workos/local"
)

// TestScript runs testdata/script: the program as scripts use it, one process a
// step. Beyond testscript's own commands there are
//
//	status N PROGRAM ARG…   run a program that must end with exit status N
//	keep NAME [FIELD]       set $NAME to the last output, or to a field of it as
//	                        JSON: data.0.id is the id of the first in a list
//	fields FIELD…           the last output as JSON, or the first of its data, has
//	                        these fields and no others, in this order; all times are
//	                        as on the wire
//	serve [DATE]            start the engine as a server, set $URL, $LOCALHOST and $USER_ID, and
//	                        the environment to work with it; its clock stands at DATE
//	seed N                  enroll N factors for the user of that server
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_DATA_HOME", filepath.Join(e.WorkDir, "data"))
			e.Setenv("GORACE", os.Getenv("GORACE")) // a race-built process waits a second at its end otherwise
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"status": scriptStatus, "keep": scriptKeep, "fields": scriptFields, "serve": scriptServe, "seed": scriptSeed,
		},
	})
}

func scriptStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N program [args...]")
	}
	status := 0
	var exit *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &exit):
		status = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if args[0] != strconv.Itoa(status) {
		ts.Fatalf("exit status %d, want %s\n%s%s", status, args[0], ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

func scriptKeep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: keep NAME [FIELD]")
	}
	text := strings.TrimSpace(ts.ReadFile("stdout"))
	if len(args) == 2 {
		var v any
		ts.Check(json.Unmarshal([]byte(text), &v))
		for name := range strings.SplitSeq(args[1], ".") {
			switch in := v.(type) {
			case map[string]any:
				v = in[name]
			case []any:
				i, err := strconv.Atoi(name)
				if err != nil || i >= len(in) {
					ts.Fatalf("no %s in %s", args[1], text)
				}
				v = in[i]
			}
		}
		text = fmt.Sprint(v)
	}
	ts.Setenv(args[0], text)
}

var (
	anyTime  = regexp.MustCompile(`"[0-9]{4}-[0-9]{2}-[0-9]{2}T[^"]*"`)
	wireTime = regexp.MustCompile(`^"[^.]{19}\.[0-9]{3}Z"$`)
)

func scriptFields(ts *testscript.TestScript, neg bool, args []string) {
	var whole map[string]json.RawMessage
	data := []byte(ts.ReadFile("stdout"))
	ts.Check(json.Unmarshal(data, &whole))
	for _, at := range anyTime.FindAll(data, -1) {
		if !wireTime.Match(at) {
			ts.Fatalf("%s is not a time as on the wire", at)
		}
	}
	var many []json.RawMessage
	if len(whole) == 2 && json.Unmarshal(whole["data"], &many) == nil && len(many) > 0 {
		data = many[0]
	}
	d := json.NewDecoder(strings.NewReader(string(data)))
	var names []string
	_, err := d.Token() // {
	for err == nil && d.More() {
		var name json.Token
		if name, err = d.Token(); err == nil {
			names = append(names, fmt.Sprint(name))
			err = d.Decode(new(any))
		}
	}
	ts.Check(err)
	if neg || !slices.Equal(names, args) {
		ts.Fatalf("the fields are %v", names)
	}
}

const engineKey = "sk_test_script"

// scriptServe serves the local engine on loopback, with one user.
func scriptServe(ts *testscript.TestScript, neg bool, args []string) {
	opts := local.Options{APIKey: engineKey}
	if len(args) > 0 {
		date, err := http.ParseTime(args[0])
		ts.Check(err)
		opts.Now = func() time.Time { return date }
	}
	server := httptest.NewServer(local.New(opts))
	ts.Defer(server.Close)
	var user struct{ ID string }
	ts.Check(json.Unmarshal(post(ts, server.URL+"/user_management/users", `{"email":"alan@example.com"}`), &user))
	for name, value := range map[string]string{
		"URL": server.URL, "LOCALHOST": strings.Replace(server.URL, "127.0.0.1", "localhost", 1), "USER_ID": user.ID,
		"WORKOS_BASE_URL": server.URL, "WORKOS_API_KEY": engineKey, "WORKOS_CLIENT_ID": "client_script",
	} {
		ts.Setenv(name, value)
	}
}

// post calls the engine's server and returns its answer.
func post(ts *testscript.TestScript, url, body string) []byte {
	req, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	ts.Check(err)
	req.Header.Set("Authorization", "Bearer "+engineKey)
	client := http.Client{Timeout: 10 * time.Second}
	resp, err := client.Do(req)
	ts.Check(err)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	ts.Check(err)
	if resp.StatusCode != http.StatusCreated {
		ts.Fatalf("%s: %s", resp.Status, data)
	}
	return data
}

// scriptSeed enrolls factors for the user of the server.
func scriptSeed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: seed N")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	for range n {
		post(ts, ts.Getenv("URL")+"/auth/factors/enroll", fmt.Sprintf(`{"type":"generic_otp","user_id":%q}`, ts.Getenv("USER_ID")))
	}
}
