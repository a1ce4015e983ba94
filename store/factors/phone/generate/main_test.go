package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The plans are those of the version of the library that go.mod names.
func TestPlansAreUpToDate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plans.jsonl")
	if err := run(path); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(path)
	if want, err := os.ReadFile("../plans.jsonl"); err != nil || string(got) != string(want) {
		t.Errorf("plans.jsonl is not what go generate writes now (%v): run it", err)
	}
}
