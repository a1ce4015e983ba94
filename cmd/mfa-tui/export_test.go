package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
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
		{"export --store a.json --secrets", "", 0, "JBSWY3DPEHPK3PXP", ""},
		{"import --store a.json --json -", `[{"id":"x"}]`, 1, `"factor 1 (x) has no type"`, "nothing was imported: factor 1"},
		{"import --store a.json -", `[{"id":"x"}]`, 1, "", "import -: nothing was imported: factor 1 (x) has no type\n"},
		{"import --store a.json -", "no JSON", 1, "", "import -: read the export"},
		{"import --store a.json -", `{"version":1,"environment":"client_1"}`, 1, "",
			`import -: this export belongs to the environment "client_1", but "local" is open; to import it, set WORKOS_CLIENT_ID=client_1 and WORKOS_API_KEY to a key of that environment` + "\n"},
		{"import --store a.json -", `{"version":1,"environment":"key-0a@example.com"}`, 1, "", "without WORKOS_CLIENT_ID, and WORKOS_BASE_URL to example.com\n"},
		{"import --store a.json nowhere.json", "", 1, "", "nowhere.json"},
		{"import", "", 2, "", "accepts 1 arg"},
		{"export x", "", 2, "", "unknown command"},
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
