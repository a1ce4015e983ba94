package inspect

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// The fields of a body are short, and those with fields of their own come last.
func TestFields(t *testing.T) {
	long := strings.Repeat("é", 1000)
	for body, want := range map[string]string{
		``:   `[]`,
		`{}`: `[]`,
		`{"object":"user","totp":{"issuer":"Foo"},"id":"x","data":[1,{}],"n":null}`: `[{id "x"} {n null} {totp {…}} {data [2]}]`,
		`[1]`:                  `[{ [1]}]`,
		`{"a":"` + long + `"}`: `[{a "` + long[:198] + "…" + long[:198] + `"}]`,
		`{"a":1,"b":`:          `[{a 1}]`,
	} {
		c := Call{Response: Body{JSON: []byte(body)}}
		if body == "" {
			c.Response.JSON = nil
		}
		if _, got := c.Fields(); fmt.Sprint(got) != want || (got == nil) != (body == "") {
			t.Errorf("%.60s: %.80q, want %.80q", body, got, want)
		}
	}
}

// A call that is kept reads its bodies once, and again when a secret is found in them.
func TestKeptCallReadsOnce(t *testing.T) {
	r := New(nil, "", time.Now)
	keep := func(n int, body string) {
		c := r.keep(Call{N: n, Status: 422}, "")
		c.Ended, c.Response = true, Body{JSON: []byte(body)}
		r.keep(c, "")
	}
	keep(0, `{"message":"hunter22 is taken"}`)
	c := r.Calls()[0]
	if c.Gist().Text != "hunter22 is taken" {
		t.Errorf("%+v", c.Gist())
	}
	if cost := testing.AllocsPerRun(10, func() { c.Gist(); c.Fields() }); cost > 0 {
		t.Errorf("a second look takes %v allocations", cost)
	}
	keep(0, `{"password":"hunter22"}`)
	if c := r.Calls()[1]; strings.Contains(c.Gist().Text, "hunter22") || strings.Contains(fmt.Sprint(c.Fields()), "hunter22") {
		t.Errorf("a secret is still in the gist %+v and the fields %v", c.Gist(), fmt.Sprint(c.Fields()))
	}
}

// A server without a key hides what else is secret there.
func TestServerWithoutAKey(t *testing.T) {
	r := NewServer(nil, "http://127.0.0.1:4100", "", time.Now)
	if c := r.keep(Call{Path: "/x", Ended: true, Response: Body{JSON: []byte(`{"id":"x","password":"hunter22"}`)}}, ""); strings.Contains(string(c.Response.JSON), "hunter22") {
		t.Errorf("%s", c.Response.JSON)
	}
}
