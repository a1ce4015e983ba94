package phone

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"mfa-tui/store/factors/phone/plan"
)

//go:embed plans.jsonl
var plansFile string

//go:embed regions.jsonl
var regionsFile string

// numberingPlan is a plan with what is made of it when it is needed.
type numberingPlan struct {
	plan.Plan
	prefix  string // the country code with its plus sign
	regions func() []plan.Region
}

// loaded are the plans that were needed so far, by country code.
var loaded = struct {
	sync.Mutex
	plans    map[string]*numberingPlan
	patterns map[string]*regexp.Regexp
}{plans: map[string]*numberingPlan{}, patterns: map[string]*regexp.Regexp{}}

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
	loaded.Lock()
	defer loaded.Unlock()
	if p, ok := loaded.plans[code]; ok {
		return p
	}
	p := &numberingPlan{prefix: "+" + code}
	if !readLine(plansFile, code, &p.Plan) {
		return nil
	}
	p.regions = sync.OnceValue(func() []plan.Region {
		var r plan.Regions
		readLine(regionsFile, code, &r)
		return r.Regions
	})
	loaded.plans[code] = p
	return p
}

// readLine reads the line of a country code. It reports false if there is none.
func readLine(file, code string, v any) bool {
	at := strings.Index(file, beginning(code)+",")
	if at < 0 {
		return false
	}
	line, _, _ := strings.Cut(file[at:], "\n")
	if err := json.Unmarshal([]byte(line), v); err != nil {
		panic(fmt.Sprintf("phone: line of +%s: %v", code, err)) // it was generated, and every line is tested
	}
	return true
}

// beginning is how the line of a plan begins.
func beginning(code string) string { return `{"code":` + code }

// mayBeCode reports whether digits are the beginning of a country code.
func mayBeCode(digits string) bool {
	return len(digits) < longestCode && strings.Contains(plansFile, beginning(digits))
}

// find returns where a pattern matches the beginning of a text, nil if it doesn't.
func find(pattern, text string) []int {
	loaded.Lock()
	re, ok := loaded.patterns[pattern]
	if !ok {
		re = regexp.MustCompile("^(?:" + pattern + ")")
		loaded.patterns[pattern] = re
	}
	loaded.Unlock()
	return re.FindStringSubmatchIndex(text)
}

// all makes a pattern one for a text from end to end.
func all(pattern string) string { return "(?:" + pattern + ")$" }

// withoutPrefix takes off what is only dialled inside the country, as the 0 of
// "+44 (0)20 …", unless the number needs it.
func (p *numberingPlan) withoutPrefix(national string) string {
	if p.Prefix == "" {
		return national
	}
	match := find(p.Prefix, national)
	if match == nil {
		return national
	}
	rest := national[match[1]:]
	if last := match[len(match)-2:]; p.Transform != "" && len(match) > 2 && last[0] >= 0 {
		rest = expand(p.Transform, national, match) + rest
	}
	general := all(p.General.Pattern)
	needed := find(general, national) != nil && find(general, rest) == nil
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
		if f.Leading != "" && find(f.Leading, national) == nil {
			continue
		}
		if match := find(all(f.Pattern), national); match != nil {
			return p.prefix + " " + expand(f.Format, national, match)
		}
	}
	return strings.TrimSpace(p.prefix + " " + national)
}

// expand fills the groups of a match into a template such as "$1-$2".
func expand(template, text string, match []int) string {
	var b strings.Builder
	for i := 0; i < len(template); i++ {
		if template[i] != '$' || i+1 == len(template) {
			b.WriteByte(template[i])
			continue
		}
		i++
		group, err := strconv.Atoi(template[i : i+1])
		if err == nil && 2*group+1 < len(match) && match[2*group] >= 0 {
			b.WriteString(text[match[2*group]:match[2*group+1]])
		}
	}
	return b.String()
}

// region returns the region that has a national number, nil if none has.
func (p *numberingPlan) region(national string) *plan.Region {
	regions := p.regions()
	for i := range regions {
		r := &regions[i]
		switch {
		case r.Leading != "" && len(regions) > 1: // the beginning decides
			if find(r.Leading, national) == nil {
				continue
			}
			if used(r, national) {
				return r
			}
			return nil
		case used(r, national):
			return r
		}
	}
	return nil
}

// used reports whether a region uses a national number for anything.
func used(r *plan.Region, national string) bool {
	return in(r.General, national) && slices.ContainsFunc(r.Types, func(t plan.Range) bool { return in(t, national) })
}

func in(r plan.Range, national string) bool {
	return (len(r.Lengths) == 0 || slices.Contains(r.Lengths, int32(len(national)))) && find(all(r.Pattern), national) != nil
}
