package accessible

import (
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"

	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos/inspect"
)

// calls is the step of the API calls, the newest first.
func (s *session) calls() error {
	calls := s.Calls()
	if len(calls) == 0 {
		s.say("no API calls yet")
		return errBack
	}
	s.say(english.Plural(len(calls), "API call", "") + ", newest first")
	shown := entries[inspect.Call]{items: calls, line: callLine, open: s.call, options: []option{back, quit}}
	return shown.choose(&s.prompter, 0)
}

// callLine is a call in a few words.
func callLine(c inspect.Call) string {
	parts := []string{words.Clean(c.Method + " " + c.Path), c.Outcome()}
	if g := c.Gist(); g.Text != "" {
		parts = append(parts, words.Clean(g.Text))
	}
	if c.Ended {
		parts = append(parts, c.Duration.Round(time.Millisecond).String())
	}
	return strings.Join(parts, ", ")
}

// call is the step of one call.
func (s *session) call(c inspect.Call) error {
	s.say(callLine(c), "it began at "+words.Stamp(c.Start))
	hear := func(key, what string, text func() string) option {
		return option{key, true, "for " + what, func() error { s.quoteCall(text()); return nil }}
	}
	code := func(key, language string, text func() string) option {
		return option{key, true, "for " + language, func() error {
			if s.Mode == factors.Local {
				s.say(inspect.CodeNote)
			}
			s.quoteCall(text())
			return nil
		}}
	}
	options := []option{
		hear("r", "the request", c.RequestText), hear("s", "the response", c.ResponseText),
		code("c", "curl", c.Curl), code("g", "Go", c.Go), code("p", "Python", c.Python), code("n", "Node", c.Node), back, quit,
	}
	return until(func() error { return s.choose(options, "", nil) })
}

// quoteCall writes a call as it is, line by line. What is masked is a word.
func (s *session) quoteCall(text string) {
	text = strings.NewReplacer(inspect.Mask, "hidden", " · ", ", ").Replace(strings.TrimSuffix(text, "\n"))
	for line := range strings.SplitSeq(text, "\n") {
		s.quote(strings.ReplaceAll(line, "\t", "    "))
	}
}
