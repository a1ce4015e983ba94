package factors

import (
	"context"
	"fmt"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// Import imports an export, see [store.Store.Import], by the rules of this list: an ID or
// a type that no other use case takes is refused, and a label that a factor can't get is
// left out, since a factor is worth more than its name.
func (l *List) Import(ctx context.Context, data []byte) (store.ImportReport, error) {
	names := map[string]string{} // of factors, by their labels
	for _, r := range l.Store.Records() {
		names[words.Clean(r.Label)] = FullName(r)
	}
	return l.Store.Import(ctx, data, func(r *store.Record) (dropped string, err error) {
		if !factorID.MatchString(r.ID) {
			return "", fmt.Errorf("%q is not a factor ID (%s)", words.Clean(r.ID), IDHint)
		}
		old, listed := l.Store.Record(r.ID)
		switch {
		case listed && CanChallenge(old.Type) && r.Type != old.Type:
			return "", fmt.Errorf("%s is of type %q here, but %q on the list", r.ID, words.Clean(string(r.Type)), old.Type)
		case !CanChallenge(r.Type) && r.Type != old.Type:
			return "", fmt.Errorf("%s is of type %q: want %s, %s or %s", r.ID, words.Clean(string(r.Type)), workos.TOTP, workos.SMS, workos.GenericOTP)
		case old.Label != "": // which stays
			return "", nil
		}
		label, err := cleanLabel(r.Label)
		if name := names[label]; err == nil && label != "" && name != "" {
			err = taken(label, name)
		}
		if err != nil {
			r.Label = ""
			return err.Error() + ", so it was left out", nil
		}
		r.Label = label
		names[label] = FullName(*r)
		return "", nil
	})
}
