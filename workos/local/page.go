package local

import (
	"net/http"
	"net/url"
	"strconv"
)

// The size of a page, in objects.
const (
	defaultLimit = 10
	maxLimit     = 100
)

// window is the part of a list that a query asks for.
type window struct {
	limit         int
	oldestFirst   bool
	after, before string // cursors: the ids that the page is between
}

func newWindow(q url.Values) (window, *answer) {
	w := window{limit: defaultLimit, after: q.Get("after"), before: q.Get("before")}
	if s := q.Get("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > maxLimit {
			a := invalid("limit", "out_of_range")
			return w, &a
		}
		w.limit = n
	}
	switch q.Get("order") {
	case "asc":
		w.oldestFirst = true
	case "", "desc", "normal":
	default:
		a := invalid("order", "invalid")
		return w, &a
	}
	return w, nil
}

// page answers with a part of a list: newest first unless order is asc, at most
// limit, the next ones behind the id after or the last ones ahead of before.
// known has the objects of this kind by id, and prefix is what their ids begin with.
func page[T listed, W any](r *request, all series[T], known map[string]T, prefix string, wire func(T) W) answer {
	w, a := newWindow(r.http.URL.Query())
	if a != nil {
		return *a
	}
	from, to := 0, len(all)
	if w.after != "" {
		ahead, present, ok := position(all, known, w.after, prefix, w.oldestFirst)
		if !ok {
			return invalid("after", "not_found")
		}
		if from = ahead; present {
			from++
		}
	}
	if w.before != "" {
		ahead, _, ok := position(all, known, w.before, prefix, w.oldestFirst)
		if !ok {
			return invalid("before", "not_found")
		}
		to = ahead
		from = max(from, to-w.limit)
	}
	to = max(from, min(to, from+w.limit))
	return answer{http.StatusOK, newList(all, from, to, w.oldestFirst, wire)}
}

// position is how many stand ahead of a cursor, and whether its object is still
// there. One that was deleted meanwhile leads on by what its id tells, so that a
// list can be deleted page by page; one of another list is not ok.
func position[T listed](all series[T], known map[string]T, cursor, prefix string, oldestFirst bool) (ahead int, present, ok bool) {
	var p place
	v, found := known[cursor]
	if found {
		p = v.place()
	} else if p, ok = placeOf(cursor, prefix); !ok {
		return 0, false, false
	}
	older, present := all.search(p)
	if found && !present {
		return 0, false, false
	}
	switch {
	case oldestFirst:
		return older, present, true
	case present:
		return len(all) - 1 - older, true, true
	}
	return len(all) - older, false, true
}

// wireList is a page on the wire. A cursor that is null is an end of the list.
type wireList[W any] struct {
	Object   string `json:"object"`
	Data     []W    `json:"data"`
	Metadata struct {
		Before *string `json:"before"`
		After  *string `json:"after"`
	} `json:"list_metadata"`
}

func newList[T listed, W any](all series[T], from, to int, oldestFirst bool, wire func(T) W) wireList[W] {
	at := func(i int) T {
		if oldestFirst {
			return all[i]
		}
		return all[len(all)-1-i]
	}
	list := wireList[W]{Object: "list", Data: make([]W, 0, to-from)}
	for i := from; i < to; i++ {
		list.Data = append(list.Data, wire(at(i)))
	}
	if from < to && from > 0 {
		list.Metadata.Before = orNull(at(from).place().id)
	}
	if from < to && to < len(all) {
		list.Metadata.After = orNull(at(to - 1).place().id)
	}
	return list
}
