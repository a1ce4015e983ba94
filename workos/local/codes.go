package local

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

var sixDigits = regexp.MustCompile(`^[0-9]{6}$`)

// CheckFixedCode reports what is wrong with a code that a phone number or an e-mail
// address should always get.
func CheckFixedCode(to, code string) error {
	switch {
	case !e164.MatchString(to) && !isAddress(to):
		return fmt.Errorf("%q is neither a phone number in E.164, such as \"+15005550006\", nor an e-mail address", to)
	case !sixDigits.MatchString(code):
		return fmt.Errorf("the code of %s should be six digits, such as 123456", to)
	}
	return nil
}

// fixedCodesOf are the fixed codes of the options and of the seed. Those of the options win.
func fixedCodesOf(opts Options) map[string]string {
	all := map[string]string{}
	add := func(codes map[string]string) {
		for to, code := range codes {
			all[strings.ToLower(to)] = code // an address in any case
		}
	}
	if opts.Seed != nil {
		add(opts.Seed.FixedCodes)
	}
	add(opts.FixedCodes)
	return all
}

// newCode makes a code of six digits, all equally likely, unless the phone number or
// address that gets it has a fixed one.
func (e *Engine) newCode(to string) (string, error) {
	if code := e.fixedCodes[strings.ToLower(to)]; code != "" {
		return code, nil
	}
	n, err := rand.Int(e.opts.Rand, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("make a code: %w", err)
	}
	return fmt.Sprintf("%06d", n), nil
}
