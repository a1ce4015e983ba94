package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/joho/godotenv"
	"github.com/spf13/pflag"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/workos"
	"mfa-tui/workos/guard"
)

const (
	defaultEnvFile = ".env"
	testKeyPrefix  = "sk_test_"
	storeVariable  = "MFA_TUI_STORE"

	// How the name of an environment begins that is named after its key.
	keyNamePrefix = "key-"
)

// windowsOS is the system that differs most, a GOOS.
const windowsOS = "windows"

// environ is the environment of the process, by name.
type environ map[string]string

// newEnviron also has each name in capitals on Windows, where its case means nothing.
func newEnviron(env []string, system string) environ {
	e := environ{}
	for _, kv := range env {
		if k, v, ok := strings.Cut(kv, "="); ok {
			e[k] = v
			if system == windowsOS {
				e[strings.ToUpper(k)] = v
			}
		}
	}
	return e
}

// Getenv and Environ let termenv read the environment.
func (e environ) Getenv(name string) string { return e[name] }

func (e environ) Environ() []string {
	var env []string
	for k, v := range e {
		env = append(env, k+"="+v)
	}
	return env
}

// flags are the flags of every command. There is none for the API key: others on
// the machine can read a command line.
type flags struct {
	store, baseURL, envFile, log string
	theme, qr                    string
	insecureHTTP                 []string
	noEnvFile                    bool // --env-file has an empty name
	local, keepSecrets           bool
	mouse, accessible            bool
}

func (f *flags) register(fs *pflag.FlagSet) {
	fs.StringVar(&f.store, "store", "", "factor `FILE` (default $MFA_TUI_STORE, or mfa-tui/factors.json in the data folder)")
	fs.StringVar(&f.baseURL, "base-url", "", "`URL` of the API (default $WORKOS_BASE_URL, or "+workos.DefaultBaseURL+")")
	fs.StringArrayVar(&f.insecureHTTP, "insecure-http", nil, "allow plain http to this `HOST`, with a test key only: others on the network can read the key")
	fs.Func("env-file", "`FILE` of variables (default "+defaultEnvFile+"; an empty name for none); the environment wins over it", func(name string) error {
		f.envFile, f.noEnvFile = name, name == ""
		return nil
	})
	fs.BoolVar(&f.local, "local", false, "use the local engine even if a key is set")
	fs.BoolVar(&f.keepSecrets, "keep-secrets", false, "keep TOTP secrets after the first verification")
	fs.StringVar(&f.theme, "theme", "", "colours for this `BACKGROUND`: "+strings.Join(themes, ", ")+" (default $MFA_TUI_THEME, or auto)")
	fs.StringVar(&f.qr, "qr", "", "draw QR codes in this `STYLE` if it fits: "+strings.Join(qrStyles(), ", ")+" (remembered for this terminal)")
	fs.BoolVar(&f.accessible, "accessible", false, "plain lines and questions, for screen readers (also $ACCESSIBLE)")
	fs.BoolVar(&f.mouse, "mouse", false, "click and wheel; the terminal then selects text only with shift held")
	fs.StringVar(&f.log, "log", "", "append each request to `FILE`: method, path, status, duration, request ID")
}

// config is what the flags, the environment and the env file say together.
type config struct {
	storePath   string
	mode        factors.Mode
	environment string // the part of the factor file
	apiKey      string
	baseURL     string   // empty on the local engine
	host        string   // of baseURL, if it is not WorkOS's
	plainHTTP   []string // hosts beyond this machine that may be called without encryption
	keepSecrets bool
	logPath     string
	notice      notice
}

// notice is what the person is told at the start, and in doctor also what to do.
type notice struct{ text, fix string }

func (f flags) config(e environ) (config, error) {
	vars, told, err := f.readEnvFile()
	if err != nil {
		return config{}, err
	}
	if err := f.checkServer(e, vars); err != nil {
		return config{}, err
	}
	if _, given := e[storeVariable]; !given && vars[storeVariable] != "" && f.envFile == "" && f.store == "" {
		// The folder may be somebody else's, and secrets are kept in that file.
		told = notice{
			fmt.Sprintf("%s in this folder names the factor file: %s", defaultEnvFile, vars[storeVariable]),
			"if that is not yours, name another one with --store, or ignore " + defaultEnvFile + " with --env-file=",
		}
	}
	keyPlace := "the environment"
	for k, v := range vars {
		if _, ok := e[k]; !ok {
			if k == "WORKOS_API_KEY" {
				keyPlace = f.envFileName()
			}
			e[k] = v
		}
	}
	if theme := cmp.Or(f.theme, e["MFA_TUI_THEME"]); theme != "" && !slices.Contains(themes, theme) {
		return config{}, usageError{fmt.Errorf("theme %q: want one of %s", theme, strings.Join(themes, ", "))}
	}
	if err := checkQR(f.qr); err != nil {
		return config{}, err
	}
	c := config{
		keepSecrets: f.keepSecrets, logPath: f.log, notice: told,
		storePath: cmp.Or(f.store, e[storeVariable]),
	}
	if c.storePath == "" {
		data, err := e.folder(runtime.GOOS, "XDG_DATA_HOME", ".local/share")
		if err != nil {
			return config{}, usageError{fmt.Errorf("no folder for the factor file: %w; set it, or name the file with --store", err)}
		}
		c.storePath = filepath.Join(data, "mfa-tui", "factors.json")
	}
	key := strings.TrimSpace(e["WORKOS_API_KEY"])
	if f.local || key == "" {
		if f.baseURL != "" {
			return config{}, usageError{errors.New("--base-url needs WORKOS_API_KEY in the environment, and no --local")}
		}
		c.mode, c.environment = factors.Local, store.Local
		return c, nil
	}
	if err := checkAPIKey(key); err != nil {
		return config{}, usageError{fmt.Errorf("WORKOS_API_KEY from %s %w; %s", keyPlace, err, copyAgain)}
	}
	c.apiKey, c.mode = key, factors.Live
	if strings.HasPrefix(key, testKeyPrefix) {
		c.mode = factors.Test
	}
	c.baseURL = strings.TrimSuffix(cmp.Or(f.baseURL, e["WORKOS_BASE_URL"], workos.DefaultBaseURL), "/")
	c.environment = cmp.Or(strings.TrimSpace(e["WORKOS_CLIENT_ID"]), keyName(key))
	if c.mode != factors.Live {
		c.plainHTTP = f.insecureHTTP
	}
	u, err := workos.ParseBaseURL(c.baseURL, c.plainHTTP...)
	switch {
	case errors.Is(err, workos.ErrUnencrypted) && c.mode == factors.Live:
		return config{}, usageError{fmt.Errorf("%w, and --insecure-http does not change that for a LIVE key", err)}
	case errors.Is(err, workos.ErrUnencrypted):
		return config{}, usageError{fmt.Errorf("%w, or for a host that you allow with --insecure-http HOST", err)}
	case err != nil:
		return config{}, usageError{err}
	}
	if c.baseURL != workos.DefaultBaseURL {
		// Factors of another server are kept apart from WorkOS's.
		c.host = u.Host
		c.environment = store.EnvironmentName(c.environment + "@" + u.Host)
	}
	return c, nil
}

// envFileName is the env file: the one that the person named, or .env.
func (f flags) envFileName() string { return cmp.Or(f.envFile, defaultEnvFile) }

// readEnvFile reads the variables of the env file. A missing .env is fine, and so is a
// folder of that name; for a file that the person named there is a notice.
func (f flags) readEnvFile() (vars map[string]string, told notice, err error) {
	if f.noEnvFile {
		return nil, notice{}, nil
	}
	const without = "go on without it: --env-file="
	path, named := f.envFileName(), f.envFile != ""
	vars, err = readVariables(path)
	switch missing := errors.Is(err, fs.ErrNotExist); {
	case !named && (missing || errors.Is(err, errFolder)):
		return nil, notice{}, nil
	case missing:
		return nil, notice{"there is no env file " + path, "name another file with --env-file, or leave it out"}, nil
	case err != nil && f.local && !named:
		return nil, notice{fmt.Sprintf("%v; nothing in it is used, not even %s", err, storeVariable), "fix it, or " + without}, nil
	case err != nil:
		return nil, notice{}, usageError{fmt.Errorf("%w; fix it, or %s", err, without)}
	}
	return vars, notice{}, nil
}

// envFileVariables are the variables that an env file can set. Others in it are for
// other programs: XDG_DATA_HOME would move the factor file without a word.
var envFileVariables = []string{
	"WORKOS_API_KEY", "WORKOS_CLIENT_ID", "WORKOS_BASE_URL", storeVariable, "MFA_TUI_THEME", "NO_COLOR", "ACCESSIBLE",
}

// readVariables reads the variables of a file.
func readVariables(path string) (map[string]string, error) {
	data, err := readFile(path)
	if err == nil {
		data, err = store.DecodeText(data)
	}
	switch {
	case errors.Is(err, errFolder):
		return nil, fmt.Errorf("env file %s %w", path, err)
	case err != nil:
		return nil, fmt.Errorf("env file %s can't be read: %w", path, err)
	}
	lines := slices.Collect(bytes.Lines(append(slices.Clip(data), '\n')))
	vars, err := guard.Parse(godotenv.UnmarshalBytes, bytes.Join(lines, nil))
	maps.DeleteFunc(vars, func(name, _ string) bool { return !slices.Contains(envFileVariables, name) })
	if err == nil {
		return vars, nil
	}
	return nil, fmt.Errorf("env file %s, %s", path, wrongLine(lines))
}

// wrongLine says in which line of an env file godotenv fails, and why. Its error does not
// say where, and quotes the line, which may hold the key.
func wrongLine(lines [][]byte) string {
	first := 0 // of a value, which may take several lines
	for i := range lines {
		_, err := guard.Parse(godotenv.UnmarshalBytes, bytes.Join(lines[first:i+1], nil))
		switch open := err != nil && strings.HasPrefix(err.Error(), "unterminated quote"); {
		case err == nil:
			first = i + 1
		case !open && i > first:
			return fmt.Sprintf("lines %d to %d: want NAME=value", first+1, i+1)
		case !open:
			return fmt.Sprintf("line %d: want NAME=value", i+1)
		}
	}
	return fmt.Sprintf("line %d: the quote is not closed", first+1)
}

// checkServer refuses to send a key from the environment to a server that only the
// .env in the working folder names: the folder may be somebody else's. A key in
// that file is its own, and a file that the person names is trusted.
func (f flags) checkServer(e environ, vars map[string]string) error {
	key, server := strings.TrimSpace(e["WORKOS_API_KEY"]), vars["WORKOS_BASE_URL"]
	_, overridden := e["WORKOS_BASE_URL"]
	switch {
	case f.local, key == "", key == strings.TrimSpace(vars["WORKOS_API_KEY"]):
		return nil
	case f.envFile != "", f.baseURL != "", overridden, server == "":
		return nil
	case strings.TrimSuffix(server, "/") == workos.DefaultBaseURL:
		return nil
	}
	u, err := workos.ParseBaseURL(server)
	if err != nil {
		return usageError{fmt.Errorf("WORKOS_BASE_URL in %s: %w", defaultEnvFile, err)}
	}
	refused := &serverError{
		fmt.Sprintf("%s in this folder names the server %q, and the API key from the environment was not sent there", defaultEnvFile, u),
		"if you trust that server, name it with --base-url URL, or the file with --env-file " + defaultEnvFile,
	}
	if strings.TrimSpace(vars["WORKOS_API_KEY"]) != "" {
		refused.fix += "; to use the key in " + defaultEnvFile + ", unset WORKOS_API_KEY"
	}
	return usageError{refused}
}

// serverError is why a key was not sent to a server, and the ways out.
type serverError struct{ why, fix string }

func (e *serverError) Error() string { return e.why + "; " + e.fix }

// folder is the folder that a variable names, or else the one of the system, a GOOS,
// which is in the person's home: without one, secrets would end up in / or in the
// working folder. A variable with a relative path counts as not set, as the XDG Base
// Directory Specification says.
func (e environ) folder(system, variable, inHome string) (string, error) {
	if dir := e[variable]; filepath.IsAbs(dir) {
		return dir, nil
	}
	switch system {
	case windowsOS:
		dir := e["LOCALAPPDATA"]
		if !filepath.IsAbs(dir) {
			return "", errors.New("LOCALAPPDATA is not set to an absolute path")
		}
		return dir, nil
	case "darwin":
		inHome = "Library/Application Support"
	}
	home, err := os.UserHomeDir()
	switch {
	case err != nil:
		return "", errors.New("HOME is not set")
	case !filepath.IsAbs(home):
		return "", fmt.Errorf("HOME is %q, and not an absolute path", home)
	}
	return filepath.Join(home, inHome), nil
}

// checkAPIKey looks for what is easily copied along with a key, and can't be sent.
func checkAPIKey(key string) error {
	at := strings.IndexFunc(key, func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) })
	if at < 0 {
		return nil
	}
	switch r, _ := utf8.DecodeRuneInString(key[at:]); {
	case r == '\n', r == '\r':
		return errors.New("has a line break in it")
	case unicode.IsSpace(r):
		return errors.New("has a space in it")
	default:
		return fmt.Errorf("has an invisible character in it (%U)", r)
	}
}

// keyName names an environment after its API key without revealing the key.
func keyName(key string) string {
	sum := sha256.Sum256([]byte(key))
	return keyNamePrefix + hex.EncodeToString(sum[:6])
}
