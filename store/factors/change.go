package factors

import (
	"cmp"
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// Refreshed is what a refresh came to.
type Refreshed struct {
	Done
	Gone bool // WorkOS does not know the factor any more
}

// Refresh asks WorkOS for a factor on the list again and saves the answer. One
// that is gone there stays on the list, marked.
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

// AtOnce is how many factors are refreshed at the same time.
const AtOnce = 4

// RefreshAll refreshes factors and returns those that were answered, in their
// order. After a failure no more are asked for: the next would fail the same way.
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

// Delete deletes a factor at WorkOS, then here. One that WorkOS does not know any
// more is as good as deleted.
func (l *List) Delete(ctx context.Context, r store.Record) (Done, error) {
	ctx, cancel := finishing(ctx)
	defer cancel()
	err := l.API.DeleteFactor(ctx, workos.DeleteFactorOpts{FactorID: r.ID})
	if err != nil && !workos.IsNotFound(err) {
		return Done{Record: r}, err
	}
	return l.save(ctx, func(ctx context.Context) (store.Record, error) { return r, l.Store.Forget(ctx, r.ID) }), nil
}

// Remove takes factors off the list. They stay at WorkOS.
func (l *List) Remove(ctx context.Context, ids ...string) error {
	ctx, cancel := finishing(ctx)
	defer cancel()
	return l.Store.Forget(ctx, ids...)
}

// Clear takes factors off the list after all of it was exported to a new file,
// whose path it returns. They stay if that fails: nobody could name them all again.
func (l *List) Clear(ctx context.Context, ids ...string) (export string, err error) {
	if export, err = l.Store.WriteExport(l.Now()); err != nil {
		return "", fmt.Errorf("nothing was removed, since no backup could be saved: %w", err)
	}
	return export, l.Remove(ctx, ids...)
}

// Label gives a factor the person's own name for it, none if label is empty.
func (l *List) Label(ctx context.Context, id, label string) (Done, error) {
	label, err := l.CheckLabel(id, label)
	if err != nil {
		return Done{}, err
	}
	return l.save(ctx, func(ctx context.Context) (store.Record, error) { return l.Store.SetLabel(ctx, id, label) }), nil
}
