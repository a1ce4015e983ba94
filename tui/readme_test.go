package tui

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestFirstMinute follows the first minute of the README to the letter.
func TestFirstMinute(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(readme), "\n## The first minute\n")
	text, _, _ = strings.Cut(text, "\n## ")
	_, list, _ := strings.Cut(text, "\n1. ")
	// A key, a text to type, or a text to see.
	steps := regexp.MustCompile("`([^`]+)`|\\*\\*([^*]+)\\*\\*|\\*([^*]+)\\*")
	code := regexp.MustCompile(`\b\d{3} ?\d{3}\b`)
	p := newPerson(t, 80, 24)
	for _, s := range steps.FindAllStringSubmatch(list, -1) {
		t.Log(s[0])
		switch key, typed, seen := s[1], s[2], s[3]; {
		case key == "↓":
			p.press("down")
		case key != "":
			p.press(key)
		case typed == "the code":
			p.types(code.FindString(p.screen()))
		case typed != "":
			p.types(typed)
		default:
			p.sees(seen)
		}
	}
	records := p.store.Records()
	if len(records) != 2 || records[0].VerifiedAt.IsZero() || records[1].VerifiedAt.IsZero() {
		t.Errorf("the first minute leaves %+v, not two verified factors", records)
	}
}
