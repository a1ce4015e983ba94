package local_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mfa-tui/workos/local"
)

// listed are the events that a query finds, oldest last, as "name id" of what they are of.
func (s *site) listed(query string) (all []string) {
	s.t.Helper()
	for _, e := range s.must(200, "GET /events?limit=100&"+query, "")["data"].([]any) {
		event := e.(map[string]any)
		data := event["data"].(map[string]any)
		id, _ := data["id"].(string)
		if user, ok := data["user_id"].(string); ok {
			id = user
		}
		all = append(all, event["event"].(string)+" "+id)
	}
	return all
}

func (s *site) lists(query string, want ...string) {
	s.t.Helper()
	if got := s.listed(query); !slices.Equal(got, want) {
		s.t.Errorf("%s finds %q, want %q", query, got, want)
	}
}

func contractOfEvents(t *testing.T) *site {
	s := newSignInSite(t)
	s.lists("")
	path := s.add(`{"email":"new@b.co"}`)
	id := path[strings.LastIndex(path, "/")+1:]
	s.must(200, "PUT "+path, `{"first_name":"New"}`)
	s.must(201, "POST /user_management/magic_auth", `{"email":"new@b.co"}`)
	token, challenge := s.pends(password("ada")), s.challenge(adasApp)
	about := `,"ip_address":"192.0.2.7","user_agent":"check"}`
	s.must(400, authenticate, strings.TrimSuffix(secondFactor(token, challenge, other(s.appCode())), "}")+about)
	s.must(200, authenticate, secondFactor(token, challenge, s.appCode()))
	s.do("DELETE "+path, "")
	s.lists("", "user.deleted "+id, "authentication.mfa_succeeded "+ada, "authentication.mfa_failed "+ada,
		"magic_auth.created "+id, "user.updated "+id, "user.created "+id)

	const head = `"object":"event","id":"<event>","created_at":"<time>","event":`
	list := func(events string) string {
		return `{"object":"list","data":[` + events + `],"list_metadata":{"before":null,"after":null}}`
	}
	s.meets("GET /events?events=authentication.mfa_succeeded", "", 200, list(`{`+head+`"authentication.mfa_succeeded",
		"data":{"type":"mfa","status":"succeeded","ip_address":null,"user_agent":null,"user_id":"`+ada+`","email":"ada@b.co"}}`))
	s.meets("GET /events?events=authentication.mfa_failed", "", 200, list(`{`+head+`"authentication.mfa_failed",
		"data":{"type":"mfa","status":"failed","ip_address":"192.0.2.7","user_agent":"check","user_id":"`+ada+`","email":"ada@b.co",
			"error":{"code":"mfa_challenge_failed","message":"The MFA challenge has failed."}}}`))
	s.meets("GET /events?events=magic_auth.created", "", 200, list(`{`+head+`"magic_auth.created",
		"data":{"object":"magic_auth","id":"<magic>","user_id":"<user>","email":"new@b.co","expires_at":"<end>","created_at":"<time>","updated_at":"<time>"}}`))
	for _, query := range []string{"events=user.craeted", "events=user.created,nothing", "range_start=today", "range_end=1", "limit=0", "after=x", "order=up"} {
		s.must(422, "GET /events?"+query, "")
	}
	s.meets("GET /events?organization_id=org_1", "", 400, `{"message":"<text>","code":"not_emulated"}`)
	s.meets("GET /events", "", 401, `{"message":"Unauthorized"}`, "Authorization", "")
	return s
}

// The filter comes in four forms, and with the names of events that are never made.
func TestEventFilter(t *testing.T) {
	s := newSignInSite(t)
	path := s.add(`{"email":"new@b.co"}`)
	id := path[strings.LastIndex(path, "/")+1:]
	s.must(201, "POST /user_management/magic_auth", `{"email":"new@b.co"}`)
	s.do("DELETE "+path, "")
	created, deleted, magic := "user.created "+id, "user.deleted "+id, "magic_auth.created "+id
	for _, query := range []string{
		"events=user.created,user.deleted", "events=user.deleted&events=user.created", "events[]=user.created&events[]=user.deleted",
		"events[0]=user.created&events[1]=user.deleted", "events%5B0%5D=user.created&events%5B1%5D=user.deleted",
		"events=user.created%2Cuser.deleted", "events=user.created,user.deleted,session.created,authentication.sso_failed,vault.data.created,action.authentication.denied",
	} {
		s.lists(query, deleted, created)
	}
	s.lists("events=organization.created")
	for _, query := range []string{"", "events=", "events[]=", "events[x]=none", "eventsx=none"} {
		s.lists(query, deleted, magic, created)
	}
}

// A code that comes by mail, once it is used, proves the address.
func TestEventOfAProvedAddress(t *testing.T) {
	s := newSignInSite(t)
	for range 2 {
		code := s.must(201, "POST /user_management/magic_auth", `{"email":"bob@b.co"}`)["code"].(string)
		s.must(200, authenticate, grant(grantPrefix+"magic-auth:code", "email", "bob@b.co", "code", code))
	}
	s.lists("events=user.updated", "user.updated "+bob) // the second one changes nothing
}

// A verification that is no part of a sign-in makes no event, and no token no attempt.
func TestNoEvent(t *testing.T) {
	s := newSignInSite(t)
	challenge := s.challenge(adasApp)
	s.must(400, authenticate, secondFactor("no such token", challenge, s.appCode()))
	s.must(201, "POST /auth/challenges/"+challenge+"/verify", `{"code":"`+s.appCode()+`"}`)
	s.must(422, "POST /user_management/users", `{"email":""}`)
	s.must(400, "POST /user_management/users", `{"email":"ada@b.co"}`)
	s.lists("")
}

func TestEventRangeAndPages(t *testing.T) {
	s := newSignInSite(t)
	var want []string
	for i := range 5 {
		path := s.add(fmt.Sprintf(`{"email":"u%d@b.co"}`, i))
		want = append(want, "user.created "+path[strings.LastIndex(path, "/")+1:])
		s.later(time.Hour)
	}
	at := func(hours int) string { return siteStart.Add(time.Duration(hours) * time.Hour).Format(time.RFC3339) }
	s.lists("order=asc&range_start="+at(1), want[1:]...)
	s.lists("order=asc&range_end="+at(1), want[:1]...)
	s.lists("order=asc&range_start="+at(1)+"&range_end="+at(3), want[1:3]...)
	s.lists("order=asc&range_start=2026-01-15&range_end=2026-01-16", want...)
	s.lists("order=asc&range_start="+strings.TrimSuffix(at(1), "Z")+"&range_end="+strings.TrimSuffix(at(3), "Z"), want[1:3]...)
	s.lists("range_start=" + siteStart.AddDate(0, 0, 1).Format("2006-01-02T15:04:05.000Z"))

	var got []string
	after := ""
	for {
		list := s.must(200, "GET /events?order=asc&limit=2&events=user.created&after="+after, "")
		for _, e := range list["data"].([]any) {
			got = append(got, "user.created "+e.(map[string]any)["data"].(map[string]any)["id"].(string))
		}
		var more bool
		if after, more = list["list_metadata"].(map[string]any)["after"].(string); !more {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages of %q, want %q", got, want)
	}

	// A cursor is good with another filter too.
	last := s.must(200, "GET /events?limit=1", "")["data"].([]any)[0].(map[string]any)["id"].(string)
	s.must(201, "POST /user_management/magic_auth", `{"email":"u0@b.co"}`)
	s.lists("order=asc&events=magic_auth.created&after="+last, "magic_auth.created "+strings.TrimPrefix(want[0], "user.created "))
}

// The newest 1,000 events are kept, also in the state's file. A reset forgets all.
func TestEventsAreBounded(t *testing.T) {
	storage := &disk{}
	on := func(o *local.Options) { o.Storage, o.Deferred = storage, true }
	s := newSignInSite(t, on)
	path := "PUT /user_management/users/" + ada
	for i := range 2500 {
		s.must(200, path, fmt.Sprintf(`{"first_name":"%d"}`, i))
	}
	names := func(s *site) (all []string) {
		after := ""
		for {
			list := s.must(200, "GET /events?limit=100&after="+after, "")
			for _, e := range list["data"].([]any) {
				all = append(all, e.(map[string]any)["data"].(map[string]any)["first_name"].(string))
			}
			var more bool
			if after, more = list["list_metadata"].(map[string]any)["after"].(string); !more {
				return all
			}
		}
	}
	if all := names(s); len(all) != 1000 || all[0] != "2499" || all[999] != "1500" {
		t.Errorf("%d events: %q", len(all), all)
	}
	if err := s.engine.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	var state struct{ Events []any }
	if err := json.Unmarshal(storage.data, &state); err != nil || len(state.Events) > 2000 {
		t.Errorf("the file has %d events, %v", len(state.Events), err)
	}
	again := newSignInSite(t, on)
	if all := names(again); len(all) != 1000 || all[0] != "2499" || all[999] != "1500" {
		t.Errorf("after a restart %d events: %q", len(all), all)
	}
	again.must(204, "POST /_emulate/reset", "")
	again.lists("")
}

// OnEvent is told each event once, in the order of the list, as JSON that JavaScript
// encodes to the same bytes, for those whose framework has decoded it.
func TestOnEvent(t *testing.T) {
	var mu sync.Mutex
	var told []local.Event
	s := newSignInSite(t, func(o *local.Options) {
		o.OnEvent = func(e local.Event) { mu.Lock(); defer mu.Unlock(); told = append(told, e) }
	})
	var done sync.WaitGroup
	for i := range 20 {
		done.Go(func() {
			for range 2 { // the second one is a repetition
				s.must(201, "POST /user_management/users", fmt.Sprintf(`{"email":"u%d@b.co","first_name":"A <b> & é","metadata":{"b":"\u2028\\u2028","010":"z","10":"x","-":"z","9":"y"}}`, i), key, fmt.Sprint(i))
			}
		})
	}
	done.Wait()
	var ids []string
	for _, e := range s.must(200, "GET /events?limit=100&order=asc", "")["data"].([]any) {
		ids = append(ids, e.(map[string]any)["id"].(string))
	}
	var toldIDs []string
	for _, e := range told {
		toldIDs = append(toldIDs, e.ID)
		start := `{"object":"event","id":"` + e.ID + `","event":"user.created","data":{"object":"user","id":"user_`
		if e.Name != "user.created" || !strings.HasPrefix(string(e.Body), start) || !strings.Contains(string(e.Body), `"A <b> & é"`) ||
			!strings.Contains(string(e.Body), `{"9":"y","10":"x","-":"z","010":"z","b":"`+"\u2028"+`\\u2028"}`) || strings.HasSuffix(string(e.Body), "\n") {
			t.Errorf("%s %s", e.Name, e.Body)
		}
	}
	if len(ids) != 20 || !slices.Equal(ids, toldIDs) {
		t.Errorf("listed %q, told %q", ids, toldIDs)
	}
}
