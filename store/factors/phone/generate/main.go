// Command generate writes plans.jsonl, the numbering plans that package phone reads,
// from the data of github.com/nyaruka/phonenumbers, which is that of Google's
// libphonenumber. The library itself takes 4 ms to start in every program that
// imports it, longer than the first screen may take, and adds 7 MB to the program.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"mfa-tui/store/factors/phone/plan"
)

func main() {
	if err := run("plans.jsonl"); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// run writes the plans to a file.
func run(path string) error {
	codes, err := callingCodes()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	lines := json.NewEncoder(&b)
	lines.SetEscapeHTML(false)
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		if err := lines.Encode(planOf(code, codes[code])); err != nil {
			return err
		}
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

// callingCodes returns the regions of each country calling code, the main one first.
func callingCodes() (map[int][]*phonenumbers.PhoneMetadata, error) {
	all, err := phonenumbers.MetadataCollection()
	if err != nil {
		return nil, err
	}
	codes := map[int][]*phonenumbers.PhoneMetadata{}
	for _, m := range all.Metadata {
		code := int(m.GetCountryCode())
		if m.GetMainCountryForCode() { // the others of the code are formatted as it is
			codes[code] = slices.Insert(codes[code], 0, m)
		} else {
			codes[code] = append(codes[code], m)
		}
	}
	return codes, nil
}

// planOf is the plan of a calling code and its regions, the main one first.
func planOf(code int, regions []*phonenumbers.PhoneMetadata) plan.Plan {
	main := regions[0]
	p := plan.Plan{
		Code: code, Lengths: main.GeneralDesc.PossibleLength, Local: main.GeneralDesc.PossibleLengthLocalOnly,
		Prefix: main.GetNationalPrefixForParsing(), Transform: template(main.GetNationalPrefixTransformRule()),
	}
	formats := main.IntlNumberFormat
	if len(formats) == 0 {
		formats = main.NumberFormat
	}
	for _, f := range formats {
		leading := ""
		if n := len(f.LeadingDigitsPattern); n > 0 {
			leading = f.LeadingDigitsPattern[n-1] // the most detailed
		}
		p.Formats = append(p.Formats, plan.Format{Pattern: f.GetPattern(), Leading: leading, Format: template(f.GetFormat())})
	}
	for _, m := range regions {
		p.Regions = append(p.Regions, regionOf(m))
	}
	return p
}

var group = regexp.MustCompile(`\$(\d)`)

// template is a format with its groups as package regexp reads them, ${1} for $1.
func template(format string) string { return group.ReplaceAllString(format, "$${$1}") }

// none is the pattern of a use that a region has no numbers for.
const none = "NA"

func regionOf(m *phonenumbers.PhoneMetadata) plan.Region {
	r := plan.Region{Name: name(m.GetId()), Leading: m.GetLeadingDigits(), General: rangeOf(m.GeneralDesc)}
	for _, d := range []*phonenumbers.PhoneNumberDesc{
		m.FixedLine, m.Mobile, m.PremiumRate, m.TollFree, m.SharedCost, m.Voip, m.PersonalNumber, m.Pager, m.Uan, m.Voicemail,
	} {
		if pattern := d.GetNationalNumberPattern(); pattern != "" && pattern != none {
			r.Types = append(r.Types, rangeOf(d))
		}
	}
	return r
}

func rangeOf(d *phonenumbers.PhoneNumberDesc) plan.Range {
	return plan.Range{Lengths: d.GetPossibleLength(), Pattern: d.GetNationalNumberPattern()}
}

// name is the English name of a region, empty for the codes of no country.
func name(id string) string {
	if id == "001" {
		return ""
	}
	return display.English.Regions().Name(language.MustParseRegion(id))
}
