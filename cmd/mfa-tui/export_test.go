package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"mfa-tui/workos"
)

// Factors move from one file to another, by a file or a pipe.
func TestExportAndImport(t *testing.T) {
	t.Chdir(t.TempDir())
	const unsaved = `[{"id":"auth_factor_1","type":"totp","totp":{"issuer":"Foo","user":"a","secret":"JBSWY3DPEHPK3PXP"}}]`
	writeFile(t, "unsaved.json", unsaved)
	for _, test := range []struct {
		args, in string
		status   int
		out, err string
	}{
		{"import --store a.json unsaved.json", "", 0, "1 added, 0 updated, 0 unchanged\n", ""},
		{"import --store a.json - --json", unsaved, 0, "\"added\": 0,\n  \"updated\": 0,\n  \"unchanged\": 1,\n  \"rejected\": []\n", ""},
		{"export --store a.json", "", 0, `"environment": "local"`, ""},
		{"export --store a.json --json", "", 0, `"environment": "local"`, ""},
		{"export --store a.json --secrets", "", 0, "JBSWY3DPEHPK3PXP", "mfa-tui: the export has TOTP secrets: anyone with it can generate your codes\n"},
		{"import --store a.json --json -", `[{"id":"x"}]`, 1, `"factor 1 (x) has no type"`, "nothing was imported: factor 1"},
		{"import --store a.json -", `[{"id":"x"}]`, 1, "", "import -: nothing was imported: factor 1 (x) has no type\n"},
		{"import --store a.json -", `[{"id":"x","type":"sms"}]`, 1, "", `nothing was imported: factor 1: "x" is not a factor ID`},
		{"import --store b.json -", `[{"id":"auth_factor_1","type":"sms","label":"a"},{"id":"auth_factor_2","type":"sms","label":"a"}]`, 0, "2 added, 0 updated, 0 unchanged\n",
			`factor 2 (auth_factor_2): label: "a" already names a (auth_factor_1), so it was left out` + "\n"},
		{"import --store b.json --json -", `[{"id":"auth_factor_2","type":"sms","label":"a"}]`, 0, "\"dropped_labels\": [\n    \"factor 1 (auth_factor_2): ", ""},
		{"import --store a.json -", "no JSON", 1, "", "import -: read the export: it is not valid JSON: unexpected \"o\" at line 1, column 2\n"},
		// As PowerShell 5.1 writes it.
		{"import --store a.json -", "\xff\xfe" + strings.Join(strings.Split(unsaved, ""), "\x00") + "\x00", 0, "0 added, 0 updated, 1 unchanged\n", ""},
		{"import --store a.json -", "\ufeff" + unsaved, 0, "0 added, 0 updated, 1 unchanged\n", ""},
		{"import --store a.json -", `{"version":1,"environment":"client_1"}`, 1, "",
			`import -: this export belongs to the environment "client_1", but "local" is open; to import it, set WORKOS_CLIENT_ID=client_1 and WORKOS_API_KEY to a key of that environment` + "\n"},
		{"import --store a.json -", `{"version":1,"environment":"key-0a@example.com"}`, 1, "", "without WORKOS_CLIENT_ID, and WORKOS_BASE_URL to example.com\n"},
		{"import --store a.json nowhere.json", "", 1, "", "nowhere.json"},
		{"import", "", 2, "", "FILE is missing"},
		{"export x", "", 2, "", "mfa-tui export takes no argument, but got \"x\""},
		{"import --store a.json .", "", 1, "", "mfa-tui: import .: is a folder\n"},
		{"export --store .", "", 1, "", "is a folder"},
	} {
		var out, errOut bytes.Buffer
		status := run(context.Background(), strings.Fields(test.args), []string{"HOME=/nowhere"}, strings.NewReader(test.in), &out, &errOut)
		if status != test.status || !strings.Contains(out.String(), test.out) || !strings.Contains(errOut.String(), test.err) || test.err == "" && errOut.Len() > 0 {
			t.Errorf("%s: status %d, %s, %s", test.args, status, out.String(), errOut.String())
		}
		if test.args == "export --store a.json" && strings.Contains(out.String(), "JBSWY") {
			t.Errorf("a secret was exported unasked: %s", out.String())
		}
	}
}

// What has the only way back to the factors is not overwritten, whichever way the
// factor file is named.
func TestOwnFilesAreNotOverwritten(t *testing.T) {
	target, link := linked(t)
	if _, err := openAt(t, link).Enroll(t.Context(), workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: "Foo", TOTPUser: "a"}, "app"); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{target, target + ".bak", enginePath(target), link} {
		kept := contentOf(t, file)
		for _, args := range [][]string{{"export", "--output", file, "--force"}, {"qr", "--png", file, "--force"}} {
			status, _, errOut := outcome(t, []string{"MFA_TUI_STORE=" + link}, args...)
			if status != exitFailed || !strings.Contains(errOut, "mfa-tui keeps its factors in") || contentOf(t, file) != kept {
				t.Errorf("%v: status %d, %s", args, status, errOut)
			}
		}
	}
}

// A file of --output is new and only for its owner, or an old one that --force names.
func TestExportToFile(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if status, _, errOut := outcome(t, []string{"MFA_TUI_STORE=f.json"}, "enroll", "otp", "--label", "a"); status != exitDone {
		t.Fatal(errOut)
	}
	writeFile(t, "old.json", "old")
	if err := os.Chmod("old.json", 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir("folder", 0o700); err != nil {
		t.Fatal(err)
	}
	links := os.Symlink("old.json", "link") == nil && os.Symlink("nowhere", "loose") == nil // Windows may not allow it
	factorFile := contentOf(t, "f.json")
	for _, test := range []struct {
		args   string
		status int
		want   string // on standard error
	}{
		{"new.json", 0, "mfa-tui: 1 factor exported to new.json\n"},
		{"old.json", 1, "mfa-tui: old.json already exists; --force overwrites it\n"},
		{"folder", 1, "mfa-tui: folder is a folder; name another file\n"},
		{"folder --force", 1, "folder is a folder; name another file\n"},
		{"link", 1, "mfa-tui: link is a symbolic link; name another file\n"},
		{"link --force", 1, "mfa-tui: link is a symbolic link; name another file\n"},
		{"loose", 1, "loose is a symbolic link; name another file"},
		{"f.json --force", 1, "mfa-tui keeps its factors in"},
		{"f.json.bak --force", 1, "mfa-tui keeps its factors in"},
		{"f.local.json --force", 1, "mfa-tui keeps its factors in"},
		{"nowhere/new.json", 1, "nowhere/new.json"},
		{"= --secrets", 2, "--output needs the name of a file"},
		{"- --force", 2, "--force needs --output FILE"},
		{"-", 0, ""},
	} {
		if !links && (strings.HasPrefix(test.args, "link") || strings.HasPrefix(test.args, "loose")) {
			continue
		}
		status, out, errOut := outcome(t, []string{"MFA_TUI_STORE=f.json"}, strings.Fields("export --output="+strings.TrimPrefix(test.args, "="))...)
		if status != test.status || !strings.Contains(errOut, test.want) || test.want == "" && errOut != "" || (test.args == "-") != (out != "") {
			t.Errorf("%s: status %d, %s, %s", test.args, status, out, errOut)
		}
	}
	if contentOf(t, "old.json") != "old" || contentOf(t, "f.json") != factorFile {
		t.Error("a refused file was written to")
	}
	if status, _, errOut := outcome(t, []string{"MFA_TUI_STORE=f.json"}, "export", "--output", "old.json", "--force"); status != exitDone {
		t.Error(errOut)
	}
	for _, name := range []string{"new.json", "old.json"} {
		if text := contentOf(t, name); !strings.Contains(text, `"label": "a"`) || !strings.HasSuffix(text, "}\n") {
			t.Errorf("%s: %s", name, text)
		}
		if mode := modeOf(name).Perm(); hasModes && mode != 0o600 {
			t.Errorf("%s has mode %04o", name, mode)
		}
		if status, out, errOut := outcome(t, []string{"MFA_TUI_STORE=f.json"}, "import", name); status != exitDone || !strings.Contains(out, "1 unchanged") {
			t.Errorf("%s: %s%s", name, out, errOut)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || e.Name() == "nowhere" {
			t.Errorf("%s is left over", e.Name())
		}
	}
}

func contentOf(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// A code is read as a pipe of PowerShell brings it, with a byte order mark.
func TestReadCode(t *testing.T) {
	p := &program{in: strings.NewReader("\ufeff123456\r\n")}
	if code, err := p.readCode("-"); code != "123456" || err != nil {
		t.Errorf("%q, %v", code, err)
	}
}
