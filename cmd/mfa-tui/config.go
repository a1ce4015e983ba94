package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/adrg/xdg"
	"github.com/joho/godotenv"
	"github.com/spf13/pflag"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/workos"
)

const (
	defaultEnvFile = ".env"
	testKeyPrefix  = "sk_test_"

	// Names of environments: that of the local engine, and how one begins that is
	// named after its key.
	localEnvironment = "local"
	keyNamePrefix    = "key-"
)

// environ is the environment of the process, by name.
type environ map[string]string

func newEnviron(env []string) environ {
	e := environ{}
	for _, kv := range env {
		if k, v, ok := strings.Cut(kv, "="); ok {
			e[k] = v
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
	local, keepSecrets           bool
	mouse, accessible            bool
}

func (f *flags) register(fs *pflag.FlagSet) {
	fs.StringVar(&f.store, "store", "", "factor `FILE` (default $MFA_TUI_STORE, or mfa-tui/factors.json in the data folder)")
	fs.StringVar(&f.baseURL, "base-url", "", "`URL` of the API (default $WORKOS_BASE_URL, or "+workos.DefaultBaseURL+")")
	fs.StringVar(&f.envFile, "env-file", defaultEnvFile, "`FILE` of variables; the environment wins over it")
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
	baseURL     string // empty on the local engine
	host        string // of baseURL, if it is not WorkOS's
	keepSecrets bool
	logPath     string
	notice      string // to tell the person at the start
}

func (f flags) config(e environ) (config, error) {
	notice, err := readEnvFile(e, f.envFile)
	if err != nil {
		return config{}, err
	}
	if theme := cmp.Or(f.theme, e["MFA_TUI_THEME"]); theme != "" && !slices.Contains(themes, theme) {
		return config{}, usageError{fmt.Errorf("theme %q: want one of %s", theme, strings.Join(themes, ", "))}
	}
	if err := checkQR(f.qr); err != nil {
		return config{}, err
	}
	c := config{
		keepSecrets: f.keepSecrets, logPath: f.log, notice: notice,
		storePath: cmp.Or(f.store, e["MFA_TUI_STORE"]),
	}
	if c.storePath == "" {
		c.storePath = filepath.Join(e.folder("XDG_DATA_HOME", xdg.DataHome), "mfa-tui", "factors.json")
	}
	key := strings.TrimSpace(e["WORKOS_API_KEY"])
	if f.local || key == "" {
		if f.baseURL != "" {
			return config{}, usageError{errors.New("--base-url needs WORKOS_API_KEY in the environment, and no --local")}
		}
		c.mode, c.environment = factors.Local, localEnvironment
		return c, nil
	}
	c.apiKey, c.mode = key, factors.Live
	if strings.HasPrefix(key, testKeyPrefix) {
		c.mode = factors.Test
	}
	c.baseURL = strings.TrimSuffix(cmp.Or(f.baseURL, e["WORKOS_BASE_URL"], workos.DefaultBaseURL), "/")
	c.environment = cmp.Or(strings.TrimSpace(e["WORKOS_CLIENT_ID"]), keyName(key))
	if c.baseURL != workos.DefaultBaseURL {
		u, err := url.Parse(c.baseURL)
		if err != nil || u.Host == "" {
			return config{}, usageError{fmt.Errorf("base URL %q: want one like %s", c.baseURL, workos.DefaultBaseURL)}
		}
		// Factors of another server are kept apart from WorkOS's.
		c.host = u.Host
		c.environment = store.EnvironmentName(c.environment + "@" + u.Host)
	}
	return c, nil
}

// readEnvFile adds the variables of a file that the environment does not have.
// A missing .env is fine; for another file that is missing there is a notice.
func readEnvFile(e environ, path string) (notice string, err error) {
	vars, err := godotenv.Read(path)
	var reason *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist) && path == defaultEnvFile:
		return "", nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Sprintf("there is no env file %s", path), nil
	case errors.As(err, &reason):
		return "", usageError{fmt.Errorf("env file %s can't be read: %w", path, reason.Err)}
	case err != nil:
		// godotenv quotes the line that it can't read, which may hold the key.
		return "", usageError{fmt.Errorf("env file %s can't be read: want lines like NAME=value", path)}
	}
	for k, v := range vars {
		if _, ok := e[k]; !ok {
			e[k] = v
		}
	}
	return "", nil
}

// folder is the folder that a variable names, or else the one of this system.
func (e environ) folder(variable, other string) string {
	if dir := e[variable]; filepath.IsAbs(dir) {
		return dir
	}
	return other
}

// keyName names an environment after its API key without revealing the key.
func keyName(key string) string {
	sum := sha256.Sum256([]byte(key))
	return keyNamePrefix + hex.EncodeToString(sum[:6])
}
