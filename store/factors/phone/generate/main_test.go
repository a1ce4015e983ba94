package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The plans are those of the version of the library that go.mod names.
func TestPlansAreUpToDate(t *testing.T) {
	folder := t.TempDir()
	if err := run(folder); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"plans.jsonl", "regions.jsonl"} {
		want, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(folder, name)); err != nil || string(got) != string(want) {
			t.Errorf("%s is not what go generate writes now (%v): run it", name, err)
		}
	}
}
