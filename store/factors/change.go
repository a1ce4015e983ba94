package factors

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/dustin/go-humanize/english"
	"golang.org/x/sync/errgroup"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// Refreshed is the result of Refresh.
type Refreshed struct {
	Done
	Gone bool // WorkOS no longer knows the factor
}

// Refresh asks WorkOS for a factor on the list and saves the response. A factor that
// is gone there stays on the list, marked.
func (l *List) Refresh(ctx context.Context, id string) (Refreshed, error) {
	f, err := l.get(ctx, id)
	switch {
	case workos.IsNotFound(err):
		return Refreshed{l.save(ctx, func(ctx context.Context) (store.Record, error) {
			return l.Store.MarkGone(ctx, id, l.Now())
		}), true}, nil
	case err != nil:
		return Refreshed{}, err
	}
	return Refreshed{l.save(ctx, func(ctx context.Context) (store.Record, error) {
		return l.Store.Refreshed(ctx, f)
	}), false}, nil
}

// RefreshedCount says how many factors were refreshed, and how many could not be.
func RefreshedCount(done, failed int) string {
	switch {
	case failed == 0:
		return english.Plural(done, "factor", "") + " refreshed"
	case done == 0:
		return english.Plural(failed, "factor", "") + " could not be refreshed"
	}
	return fmt.Sprintf("%s refreshed, %d could not be", english.Plural(done, "factor", ""), failed)
}

// AtOnce is how many factors are refreshed at the same time.
const AtOnce = 4

// RefreshAll refreshes factors and returns those that worked, in the same order. After
// a failure it starts no more: the next would fail in the same way.
func (l *List) RefreshAll(ctx context.Context, ids ...string) ([]Refreshed, error) {
	return l.RefreshEach(ctx, ids, func() {})
}

// RefreshEach is RefreshAll, but calls answered after each call, for a progress
// display. Several calls of answered may run at the same time.
func (l *List) RefreshEach(ctx context.Context, ids []string, answered func()) ([]Refreshed, error) {
	answers := make([]Refreshed, len(ids))
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(AtOnce)
	for i, id := range ids {
		work.Go(func() (err error) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			answers[i], err = l.Refresh(ctx, id)
			answered()
			return cmp.Or(err, answers[i].SaveErr)
		})
	}
	err := work.Wait()
	var fresh []Refreshed
	for _, a := range answers {
		if a.Record.ID != "" {
			fresh = append(fresh, a)
		}
	}
	return fresh, err
}

// Delete deletes a factor at WorkOS, then in the factor file. A factor that WorkOS no
// longer knows counts as deleted, and comes back marked as gone.
func (l *List) Delete(ctx context.Context, r store.Record) (Done, error) {
	ctx, cancel := finishing(ctx)
	defer cancel()
	err := l.API.DeleteFactor(ctx, workos.DeleteFactorOpts{FactorID: r.ID})
	if err != nil && !workos.IsNotFound(err) {
		return Done{Record: r}, l.notChanged("deleted", err)
	}
	if err == nil {
		r.GoneAt = workos.Time{}
	} else if r.GoneAt.IsZero() {
		r.GoneAt = workos.At(l.Now())
	}
	return l.save(ctx, func(ctx context.Context) (store.Record, error) { return r, l.Store.Forget(ctx, r.ID) }), nil
}

// Deleted says what became of a factor that was deleted, which has this name.
func (l *List) Deleted(r store.Record, name string) string {
	if r.GoneAt.IsZero() {
		return "deleted " + name
	}
	return "already gone at " + l.Service() + ": " + name
}

// Remove removes factors from the list. They still exist at WorkOS.
func (l *List) Remove(ctx context.Context, ids ...string) error {
	ctx, cancel := finishing(ctx)
	defer cancel()
	return l.Store.Forget(ctx, ids...)
}

// Clear removes factors from the list after it has saved an export of the whole list,
// whose path it returns. Nothing is removed if the export can't be saved.
func (l *List) Clear(ctx context.Context, ids ...string) (export string, err error) {
	if export, err = l.Store.WriteExport(l.Now()); err != nil {
		return "", fmt.Errorf("nothing was removed, since no export could be saved: %w", err)
	}
	return export, l.Remove(ctx, ids...)
}

// Label sets the label of a factor, a person's own name for it. An empty one removes
// the label.
func (l *List) Label(ctx context.Context, id, label string) (Done, error) {
	label, err := l.CheckLabel(id, label)
	if err != nil {
		return Done{}, err
	}
	return l.save(ctx, func(ctx context.Context) (store.Record, error) { return l.Store.SetLabel(ctx, id, label) }), nil
}

// Question asks before something that can't be undone.
type Question struct {
	Text    string // ends in a question mark
	Warning string // what happens then
	ofOwner string // Text with a verb for whose factor it is; empty if it is about no factor
}

// Of is the text with whose factor it is about, if that is known.
func (q Question) Of(owner string) string {
	if owner == "" || q.ofOwner == "" {
		return q.Text
	}
	return fmt.Sprintf(q.ofOwner, owner)
}

// LiveRemark says before a question that real people are concerned, empty if none are.
func (l *List) LiveRemark() string {
	if l.Mode != Live {
		return ""
	}
	return "This is a LIVE environment"
}

// ProofLength is how many characters [List.Proof] has.
const ProofLength = 4

// Proof is what a person types before a factor is deleted, to show that they know which
// one it is: in a LIVE environment the end of its ID, since a yes is too little. It is
// empty elsewhere.
func (l *List) Proof(r store.Record) string {
	if l.Mode != Live {
		return ""
	}
	id := []rune(words.Clean(r.ID))
	return string(id[max(0, len(id)-ProofLength):])
}

// Proves reports whether what was typed is a proof.
func Proves(typed, proof string) bool { return strings.EqualFold(strings.TrimSpace(typed), proof) }

// DeleteQuestion asks before a factor is deleted.
var DeleteQuestion = Question{"Delete this factor permanently?", "It can no longer be used to verify.", "Delete this factor of %s permanently?"}

// RemoveQuestion asks before a factor is removed from the list.
func (l *List) RemoveQuestion(r store.Record) Question {
	q := Question{"Remove this factor from the list?", "It still exists at " + l.Service(), "Remove this factor of %s from the list?"}
	if r.UserID != "" {
		q.Warning += ", where you can find it with its user."
	} else {
		q.Warning += ". Save its ID: you need it to add it again."
	}
	return q
}

// ClearQuestion asks before so many factors, all of the list, are removed from it.
func (l *List) ClearQuestion(count int) Question {
	q := Question{Text: fmt.Sprintf("Remove all %d factors from the list?", count), Warning: "They still exist at " + l.Service()}
	if count == 1 {
		q = Question{Text: "Remove the only factor from the list?", Warning: "It still exists at " + l.Service()}
	}
	q.Warning += ". An export is saved first, beside the factor file."
	return q
}
