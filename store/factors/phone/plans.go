package phone

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"mfa-tui/store/factors/phone/plan"
)

//go:embed plans.jsonl
var plansFile string

// numberingPlan is a plan with what is made of it when it is needed.
type numberingPlan struct {
	plan.Plan
	prefix string // the country code with its plus sign
}

// What was needed so far: the plans by country code, the compiled patterns.
var plans, patterns sync.Map

// longestCode is how long a country code can be, in digits (E.164 §6.2.1).
const longestCode = 3

// planFor returns the plan for a number without its plus sign and the digits that
// follow the country code, nil if there is none.
func planFor(digits string) (p *numberingPlan, national string) {
	for n := 1; n <= min(longestCode, len(digits)); n++ {
		if p := load(digits[:n]); p != nil { // no code is the beginning of another one
			return p, digits[n:]
		}
	}
	return nil, ""
}

// load returns the plan of a country code, nil if there is none.
func load(code string) *numberingPlan {
	if p, ok := plans.Load(code); ok {
		return p.(*numberingPlan)
	}
	at := strings.Index(plansFile, beginning(code)+",")
	if at < 0 {
		return nil
	}
	line, _, _ := strings.Cut(plansFile[at:], "\n")
	p := &numberingPlan{prefix: "+" + code}
	if err := json.Unmarshal([]byte(line), &p.Plan); err != nil {
		panic(fmt.Sprintf("phone: line of +%s: %v", code, err)) // it was generated, and every line is tested
	}
	plans.Store(code, p)
	return p
}

// beginning is how the line of a plan begins.
func beginning(code string) string { return `{"code":` + code }

// mayBeCode reports whether digits are the beginning of a country code.
func mayBeCode(digits string) bool {
	return len(digits) < longestCode && strings.Contains(plansFile, beginning(digits))
}

// starting is a pattern for the beginning of a text.
func starting(pattern string) *regexp.Regexp {
	if re, ok := patterns.Load(pattern); ok {
		return re.(*regexp.Regexp)
	}
	re := regexp.MustCompile("^(?:" + pattern + ")")
	patterns.Store(pattern, re)
	return re
}

// whole is a pattern for a text from end to end.
func whole(pattern string) *regexp.Regexp { return starting("(?:" + pattern + ")$") }

// withoutPrefix takes off what is only dialled inside the country, as the 0 of
// "+44 (0)20 …", unless the number needs it.
func (p *numberingPlan) withoutPrefix(national string) string {
	if p.Prefix == "" {
		return national
	}
	prefix := starting(p.Prefix)
	match := prefix.FindStringSubmatchIndex(national)
	if match == nil {
		return national
	}
	rest := national[match[1]:]
	if last := match[len(match)-2:]; p.Transform != "" && len(match) > 2 && last[0] >= 0 {
		rest = string(prefix.ExpandString(nil, p.Transform, national, match)) + rest
	}
	general := whole(p.Regions[0].General.Pattern)
	needed := general.MatchString(national) && !general.MatchString(rest)
	length := int32(len(rest))
	possible := slices.Contains(p.Lengths, length) && !slices.Contains(p.Local, length) || length > p.Lengths[len(p.Lengths)-1]
	if needed || !possible {
		return national
	}
	return rest
}

// format writes a national number with its country code.
func (p *numberingPlan) format(national string) string {
	for _, f := range p.Formats {
		if pattern := whole(f.Pattern); starting(f.Leading).MatchString(national) && pattern.MatchString(national) {
			return p.prefix + " " + pattern.ReplaceAllString(national, f.Format)
		}
	}
	return strings.TrimSpace(p.prefix + " " + national)
}

// region returns the region that uses a national number for anything, nil if none
// does.
func (p *numberingPlan) region(national string) *plan.Region {
	for i := range p.Regions {
		r := &p.Regions[i]
		if starting(r.Leading).MatchString(national) && in(r.General, national) &&
			slices.ContainsFunc(r.Types, func(t plan.Range) bool { return in(t, national) }) {
			return r
		}
	}
	return nil
}

func in(r plan.Range, national string) bool {
	return (len(r.Lengths) == 0 || slices.Contains(r.Lengths, int32(len(national)))) && whole(r.Pattern).MatchString(national)
}
