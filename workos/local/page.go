package local

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
)

// The size of a page, in objects.
const (
	defaultLimit = 10
	maxLimit     = 100
)

// window is the part of a list that a query asks for.
type window struct {
	limit         int
	direction     int    // 1 for the oldest first, -1 for the newest
	after, before string // cursors: the ids that the page is between
	reversed      bool   // the caller's after is this before
}

func newWindow(q url.Values) (window, *response) {
	w := window{limit: defaultLimit, direction: -1, after: q.Get("after"), before: q.Get("before")}
	if s := q.Get("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > maxLimit {
			return w, new(invalid("limit", "out_of_range"))
		}
		w.limit = n
	}
	switch q.Get("order") {
	case "asc":
		w.direction = 1
	case "", "desc":
	case "normal": // the newest first too, but before is what is older; the description has it
		w.after, w.before, w.reversed = w.before, w.after, true
	default:
		return w, new(invalid("order", "invalid"))
	}
	return w, nil
}

// field is the name that the caller gave a cursor.
func (w window) field(name, reversed string) string {
	if w.reversed {
		return reversed
	}
	return name
}

// listed is an object that lists have.
type listed interface{ place() place }

// place is an object's place in a list: lists are sorted by the time of creation,
// to the millisecond, then by id.
type place struct {
	at time.Time
	id string
}

func (u *user) place() place   { return place{u.CreatedAt.Truncate(time.Millisecond), u.ID} }
func (f *factor) place() place { return place{f.CreatedAt.Truncate(time.Millisecond), f.ID} }

func (p place) compare(q place) int {
	if c := p.at.Compare(q.at); c != 0 {
		return c
	}
	return strings.Compare(p.id, q.id)
}

// placeOf reads the place of a deleted object from its id, which is a prefix and
// a ULID.
func placeOf(id, prefix string) (place, bool) {
	text, found := strings.CutPrefix(id, prefix)
	parsed, err := ulid.ParseStrict(text)
	if !found || err != nil {
		return place{}, false
	}
	return place{ulid.Time(parsed.Time()), id}, true
}

// page answers with a part of a list: newest first unless order is asc, at most
// limit objects, those after one cursor or the last ones before the other. known
// has the objects of this kind by id, and prefix is what their ids begin with.
func page[T listed, W any](r *request, all []T, known map[string]T, prefix string, wire func(T) W) response {
	w, resp := newWindow(r.http.URL.Query())
	if resp != nil {
		return *resp
	}
	compare := func(v T, p place) int { return w.direction * v.place().compare(p) }
	slices.SortFunc(all, func(v, u T) int { return compare(v, u.place()) })
	// find returns how many objects are before a cursor and whether its own is in
	// the list. One that was deleted still has its place, so that a list can be
	// deleted page by page; one of another list is not ok.
	find := func(cursor string) (before int, present, ok bool) {
		p, ok := placeOf(cursor, prefix)
		v, exists := known[cursor]
		if exists {
			p = v.place()
		}
		before, present = slices.BinarySearchFunc(all, p, compare)
		return before, present, present || ok && !exists
	}
	from, to := 0, len(all)
	if w.after != "" {
		before, present, ok := find(w.after)
		if !ok {
			return invalid(w.field("after", "before"), "not_found")
		}
		if from = before; present {
			from++
		}
	}
	if w.before != "" {
		before, _, ok := find(w.before)
		if !ok {
			return invalid(w.field("before", "after"), "not_found")
		}
		to = before
		from = max(from, to-w.limit)
	}
	to = max(from, min(to, from+w.limit))
	list := wireList[W]{Object: "list", Data: make([]W, 0, to-from)}
	for _, v := range all[from:to] {
		list.Data = append(list.Data, wire(v))
	}
	if from < to && from > 0 {
		list.Metadata.Before = orNull(all[from].place().id)
	}
	if from < to && to < len(all) {
		list.Metadata.After = orNull(all[to-1].place().id)
	}
	if m := &list.Metadata; w.reversed {
		m.Before, m.After = m.After, m.Before
	}
	return response{http.StatusOK, list}
}

// wireList is a page on the wire. A cursor is null at an end of the list.
type wireList[W any] struct {
	Object   string `json:"object"`
	Data     []W    `json:"data"`
	Metadata struct {
		Before *string `json:"before"`
		After  *string `json:"after"`
	} `json:"list_metadata"`
}
