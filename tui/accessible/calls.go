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
	shown := entries{
		length:  len(calls),
		line:    func(i int) string { return callLine(calls[i]) },
		open:    func(i int) error { return s.call(calls[i]) },
		options: []option{{"b", "to go back", goBack}, {"q", "to quit", quit}},
	}
	return shown.choose(&s.prompter, 0)
}

// callLine is a call in a few words.
func callLine(c inspect.Call) string {
	parts := []string{words.Clean(c.Method + " " + c.Path), c.Outcome()}
	if c.Ended {
		parts = append(parts, c.Duration.Round(time.Millisecond).String())
	}
	return strings.Join(parts, ", ")
}

// call is the step of one call.
func (s *session) call(c inspect.Call) error {
	said := false
	return until(func() error {
		if !said {
			s.say(callLine(c), "it began at "+words.Stamp(c.Start))
			said = true
		}
		hear := func(key, does string, text func() string) option {
			return option{key, does, func() error { s.quoteCall(text()); return nil }}
		}
		code := func(key, language string, text func() string) option {
			return option{key, "for " + language, func() error {
				if s.Mode == factors.Local {
					s.say("the code calls WorkOS; this call went to the local engine")
				}
				s.quoteCall(text())
				return nil
			}}
		}
		return s.choose("", []option{
			hear("r", "for the request", c.RequestText),
			hear("s", "for the response", c.ResponseText),
			code("c", "curl", c.Curl), code("g", "Go", c.Go), code("p", "Python", c.Python),
			{"b", "to go back", goBack}, {"q", "to quit", quit},
		}, nil)
	})
}

// quoteCall writes a call as it is, line by line. What is masked is a word.
func (s *session) quoteCall(text string) {
	text = strings.NewReplacer(inspect.Mask, "hidden", " · ", ", ").Replace(strings.TrimSuffix(text, "\n"))
	for line := range strings.SplitSeq(text, "\n") {
		s.quote(strings.ReplaceAll(line, "\t", "    "))
	}
}
