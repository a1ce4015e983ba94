package local_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"mfa-tui/workos/local"
)

const usersPath = "/user_management/users"

// userWith is a user on the wire, with other values than those of one that has nothing.
func userWith(t *testing.T, values string) string {
	t.Helper()
	var all map[string]any
	for _, text := range []string{`{"object":"user","id":"<user>","email":"a@b.co","email_verified":false,"first_name":null,"last_name":null,"name":null,
		"profile_picture_url":null,"last_sign_in_at":null,"external_id":null,"locale":null,"metadata":{},` + stamps + `}`, values} {
		var part map[string]any
		if err := json.Unmarshal([]byte(text), &part); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		if all == nil {
			all = part
		} else {
			maps.Copy(all, part)
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// add adds a user and returns the path to it.
func (s *site) add(body string) (path string) {
	s.t.Helper()
	return usersPath + "/" + s.must(201, "POST "+usersPath, body)["id"].(string)
}

func coded(code string) string { return `{"message":"<text>","code":"` + code + `"}` }

func codedList(code, first string) string {
	return `{"message":"<text>","code":"` + code + `","errors":[{"code":"` + first + `","message":"<text>"}]}`
}

// Each field is kept, and returned by every call; passwords by none.
func TestUserFields(t *testing.T) {
	s := newSite(t)
	given := `{"email":"a@b.co","email_verified":true,"first_name":"Ada","last_name":"Lovelace","name":"Ada King","external_id":"auth0|1//2",
		"locale":"en-GB","metadata":{"team":"red","` + strings.Repeat("é", 40) + `":"` + strings.Repeat("é", 600) + `"}`
	want := userWith(t, given+"}")
	s.meets("POST "+usersPath, given+`,"password":"correct horse","ip_address":null,"user_agent":"x","signals_id":"y"}`, 201, want)
	id := s.must(200, "GET "+usersPath, "")["data"].([]any)[0].(map[string]any)["id"].(string)
	list := `{"object":"list","data":[` + want + `],` + noneLeft + `}`
	for call, want := range map[string]string{
		"GET " + usersPath + "/" + id:                          want,
		"GET " + usersPath + "/external_id/auth0%7C1%2F%2F2":   want,
		"GET " + usersPath:                                     list,
		"GET " + usersPath + "?email=A@b.co&organization_id=":  list,
		"GET " + usersPath + "?email=b@b.co":                   `{"object":"list","data":[],` + noneLeft + `}`,
		"GET " + usersPath + "/external_id/auth0%7C1%2F%2F2?x": want,
	} {
		s.meets(call, "", 200, want)
	}
	s.meets("GET "+usersPath+"/external_id/auth_factors", "", 404, missing("User", "auth_factors"))
	s.meets("GET "+usersPath+"/external_id/", "", 404, notEmulated("GET "+usersPath+"/external_id/"))
	s.meets("PUT "+usersPath+"/external_id/x", "", 405, wrongMethod("PUT "+usersPath+"/external_id/x", "GET or HEAD"))
}

// What PHP's SDK sends for fields that it was not given is nothing.
func TestUserOfNulls(t *testing.T) {
	s := newSite(t)
	nulls := `"password":null,"first_name":null,"last_name":null,"name":null,"email_verified":null,"external_id":null,"locale":null,"metadata":null,
		"password_hash":null,"password_hash_type":null,"password_salt_position":null`
	s.meets("POST "+usersPath, `{"email":"a@b.co",`+nulls+`}`, 201, userWith(t, `{}`))
	path := s.add(`{"email":"c@d.co","first_name":"Ada","last_name":"L","name":"A","email_verified":true,"external_id":"1","locale":"en","metadata":{"a":"b"},"password":"p"}`)
	s.meets("PUT "+path, `{"email":null,`+nulls+`}`, 200, userWith(t, `{"email":"c@d.co","first_name":"Ada","last_name":"L","name":"A","email_verified":true}`))
}

// A change leaves what it does not name.
func TestUpdateUser(t *testing.T) {
	s := newSite(t)
	path := s.add(`{"email":"a@b.co","email_verified":true,"first_name":"Ada","external_id":"1","locale":"en-GB","metadata":{"team":"red","tier":"1","gone":"x"}}`)
	at := `"updated_at":"2026-01-15T12:01:00.000Z"`
	if err := s.engine.MoveClock(60e9); err != nil {
		t.Fatal(err)
	}
	want := func(values string) string { return userWith(t, `{`+at+`,`+values+`}`) }
	kept := `"first_name":"Ada","external_id":"1","locale":"en-GB"`
	for _, test := range []struct{ body, want string }{
		{`{"metadata":{"team":"blue","new":"y","gone":null,"tier":""}}`, want(`"email_verified":true,` + kept + `,"metadata":{"team":"blue","new":"y"}`)},
		{`{"email":"A@B.co","User":"u","mfa":"x"}`, want(`"email":"A@B.co","email_verified":true,` + kept + `,"metadata":{"team":"blue","new":"y"}`)},
		{`{"email":"new@b.co","metadata":{}}`, want(`"email":"new@b.co",` + kept + `,"metadata":{"team":"blue","new":"y"}`)},
		{`{"email":"a@b.co","email_verified":true,"metadata":null}`, want(`"email_verified":true,` + kept)},
		{`{"locale":null,"first_name":"Augusta","last_name":"K","name":"A K","email_verified":false}`, want(`"first_name":"Augusta","last_name":"K","name":"A K","external_id":"1"`)},
		{`{"external_id":"2","first_name":""}`, want(`"last_name":"K","name":"A K","external_id":"2"`)},
		{`{}`, want(`"last_name":"K","name":"A K","external_id":"2"`)},
	} {
		s.meets("PUT "+path, test.body, 200, test.want)
		s.meets("GET "+path, "", 200, test.want)
	}
	for query, found := range map[string]int{"new@b.co": 0, "a@b.co": 1, "A@b.co": 1} {
		if got := s.must(200, "GET "+usersPath+"?email="+query, "")["data"].([]any); len(got) != found {
			t.Errorf("%s finds %v", query, got)
		}
	}
	s.must(404, "GET "+usersPath+"/external_id/1", "")
	s.must(200, "GET "+usersPath+"/external_id/2", "")
	s.add(`{"email":"new@b.co","external_id":"1"}`) // both are free again
}

// What is refused changes nothing.
func contractOfUsers(t *testing.T) *site {
	const hash = `"password_hash":"$2y$04$InZwyk4WAe8f8g24565q1u7gab0qAeLM0.Mz5VBuFA.FvuQFaOYBW"`
	s := newSite(t)
	s.add(`{"email":"taken@b.co","external_id":"taken"}`)
	path := s.add(`{"email":"a@b.co"}`)
	names := make([]string, 51)
	for i := range names {
		names[i] = fmt.Sprintf(`"%d":"x"`, i)
	}
	for _, test := range []struct {
		field  string
		status int
		want   string
	}{
		{`"metadata":{` + strings.Join(names, ",") + `}`, 400, coded("invalid_metadata")},
		{`"metadata":{"` + strings.Repeat("k", 41) + `":"x"}`, 400, coded("invalid_metadata")},
		{`"metadata":{"k":"` + strings.Repeat("x", 601) + `"}`, 400, coded("invalid_metadata")},
		{`"metadata":{"k":1}`, 400, coded("invalid_metadata")},
		{`"metadata":{"k":{"l":"m"}}`, 400, coded("invalid_metadata")},
		{`"metadata":["k"]`, 400, coded("invalid_metadata")},
		{`"metadata":"k"`, 400, coded("invalid_metadata")},
		{`"external_id":""`, 422, codedList("invalid_request_parameters", "external_id_invalid")},
		{`"external_id":"é"`, 422, codedList("invalid_request_parameters", "external_id_invalid")},
		{`"external_id":"` + strings.Repeat("x", 129) + `"`, 422, codedList("invalid_request_parameters", "external_id_invalid")},
		{`"locale":"not a locale"`, 400, coded("invalid_locale")},
		{`"locale":""`, 400, coded("invalid_locale")},
		{`"password":"` + strings.Repeat("x", 73) + `"`, 400, codedList("password_strength_error", "password_too_long")},
		{`"password":"` + strings.Repeat("é", 37) + `"`, 400, codedList("password_strength_error", "password_too_long")},
		{`"password":""`, 400, codedList("password_strength_error", "password_too_short")},
		{`"password":"p",` + hash, 400, coded("password_and_password_hash_provided")},
		{`"password":"p",` + hash + `,"password_hash_type":"bcrypt"`, 400, coded("password_and_password_hash_provided")},
		{`"password":"p","password_hash_type":"bcrypt"`, 400, coded("password_and_password_hash_type_provided")},
		{`"password":"p","password_salt_position":"prefix"`, 400, coded("password_salt_position_requires_password_hash")},
		{`"password_salt_position":"prefix"`, 400, coded("password_salt_position_requires_password_hash")},
		{hash, 400, coded("invalid_password_hash")},
		{`"password_hash_type":"bcrypt"`, 400, coded("invalid_password_hash")},
		{hash + `,"password_hash_type":"scrypt"`, 400, coded("invalid_password_hash")},
		{hash + `,"password_hash_type":"bcrypt","password_salt_position":"prefix"`, 400, coded("invalid_password_hash")},
		{strings.TrimSuffix(hash, `W"`) + `","password_hash_type":"bcrypt"`, 400, coded("invalid_password_hash")},
		{strings.Replace(hash, "$04$", "$17$", 1) + `,"password_hash_type":"bcrypt"`, 400, coded("invalid_password_hash")},
		{`"email_verified":"yes"`, 422, codedList("invalid_request_parameters", "email_verified_boolean_required")},
		{`"first_name":5`, 422, codedList("invalid_request_parameters", "first_name_string_required")},
	} {
		s.meets("POST "+usersPath, `{"email":"new@b.co",`+test.field+`}`, test.status, test.want)
		s.meets("PUT "+path, `{"first_name":"Ada",`+test.field+`}`, test.status, test.want)
	}
	s.meets("POST "+usersPath, `{"email":"new@b.co","external_id":"taken"}`, 400, codedList("user_creation_error", "external_id_already_used"))
	s.meets("POST "+usersPath, `{"email":"Taken@b.co","external_id":"taken"}`, 400,
		`{"message":"Could not create user.","code":"user_creation_error","errors":[{"code":"email_not_available","message":"<text>"},{"code":"external_id_already_used","message":"<text>"}]}`)
	for _, test := range []struct {
		body   string
		status int
		want   string
	}{
		{`{"external_id":"taken"}`, 400, coded("external_id_already_used")},
		{`{"email":"Taken@b.co"}`, 400, coded("email_not_available")},
		{`{"email":"nobody"}`, 400, coded("invalid_email")},
		{`{"email":" "}`, 422, codedList("invalid_request_parameters", "email_string_required")},
		{`x`, 400, badBody},
	} {
		s.meets("PUT "+path, test.body, test.status, test.want)
	}
	s.meets("PUT "+usersPath+"/x", `{}`, 404, missing("User", "x"))
	s.meets("DELETE "+usersPath+"/x", "", 404, missing("User", "x"))
	for _, name := range []string{"organization_id", "organization"} {
		s.meets("GET "+usersPath+"?email=a@b.co&"+name+"=org_1", "", 400, coded("not_emulated"))
	}
	s.meets("GET "+path, "", 200, userWith(t, `{}`))
	if all := s.must(200, "GET "+usersPath, "")["data"].([]any); len(all) != 2 {
		t.Errorf("there are %v", all)
	}
	// What is allowed to the limit.
	s.meets("PUT "+path, `{"metadata":{`+strings.Join(names[:50], ",")+`},"password":"`+strings.Repeat("x", 72)+`"}`, 200,
		userWith(t, `{"metadata":{`+strings.Join(names[:50], ",")+`}}`))
	s.meets("PUT "+path, `{"metadata":{"more":"x"}}`, 400, coded("invalid_metadata"))
	s.meets("PUT "+path, `{`+hash+`,"password_hash_type":"bcrypt","external_id":"`+strings.Repeat("x", 128)+`","metadata":null}`, 200,
		userWith(t, `{"external_id":"`+strings.Repeat("x", 128)+`"}`))
	s.meets("PUT "+path, `{`+strings.Replace(hash, "$04$", "$16$", 1)+`,"password_hash_type":"bcrypt","external_id":null}`, 200, userWith(t, `{}`))

	s.meets("GET "+usersPath+"/external_id/taken", "", 200, userWith(t, `{"email":"taken@b.co","external_id":"taken"}`))
	s.meets("GET "+usersPath+"/external_id/x", "", 404, missing("User", "x"))
	s.meets("DELETE "+path, "", 200, "")
	return s
}

// A user's factors and challenges are deleted with them, and nothing of others.
func TestDeleteUser(t *testing.T) {
	s := newSite(t)
	body := `{"email":"a@b.co","external_id":"1"}`
	path, other := s.add(body), s.add(`{"email":"c@d.co"}`)
	enroll := func(path string) (factor, challenge string) {
		e := s.must(201, "POST "+path+"/auth_factors", `{"type":"totp"}`)
		return e["authentication_factor"].(map[string]any)["id"].(string), e["authentication_challenge"].(map[string]any)["id"].(string)
	}
	f, c := enroll(path)
	second := s.enroll(`{"type":"generic_otp","user_id":"` + strings.TrimPrefix(path, usersPath+"/") + `"}`)
	f2, c2 := enroll(other)
	free := s.enroll(`{"type":"generic_otp"}`)
	s.meets("DELETE "+path, "", 200, "")
	s.meets("DELETE "+path, "", 404, missing("User", strings.TrimPrefix(path, usersPath+"/")))
	for _, call := range []string{
		"GET " + path, "GET " + path + "/auth_factors", "GET " + usersPath + "/external_id/1", "GET /auth/factors/" + f, "GET /auth/factors/" + second, "POST /auth/challenges/" + c + "/verify",
	} {
		s.must(404, call, `{"code":"x"}`)
	}
	s.must(201, "POST /auth/challenges/"+c2+"/verify", `{"code":"x"}`)
	s.must(200, "GET /auth/factors/"+free, "")
	if all := s.must(200, "GET "+other+"/auth_factors", "")["data"].([]any); len(all) != 1 || all[0].(map[string]any)["id"] != f2 {
		t.Errorf("the other's factors are %v", all)
	}
	s.must(204, "DELETE /auth/factors/"+f2, "")
	s.meets("GET "+other+"/auth_factors", "", 200, `{"object":"list","data":[],`+noneLeft+`}`)
	if again := s.add(body); again == path {
		t.Error("the user has the id of the deleted one")
	}
}

// Users are found as before after a restart, and after a reset none is.
func TestUsersOfAState(t *testing.T) {
	for _, deferred := range []bool{false, true} {
		storage := &disk{}
		change := func(o *local.Options) { o.Storage, o.Deferred = storage, deferred }
		first := newSite(t, change)
		path := first.add(`{"email":"a@b.co","first_name":"Ada","external_id":"1","metadata":{"a":"b"},"locale":"en","name":"N","email_verified":true,"password":"secret horse"}`)
		first.must(201, "POST "+path+"/auth_factors", `{"type":"totp"}`)
		storage = storage.copy(t, first.engine)
		if text := string(storage.data); strings.Contains(text, "secret horse") || !strings.Contains(text, `"password_hash":"$2a$04$`) {
			t.Errorf("deferred %t: written %s", deferred, text)
		}
		second := newSite(t, change)
		for _, found := range []string{"/external_id/1", strings.TrimPrefix(path, usersPath)} {
			if got, want := second.do("GET "+usersPath+found, "").body, first.do("GET "+path, "").body; got != want {
				t.Errorf("deferred %t: got  %s\nwant %s", deferred, got, want)
			}
		}
		for _, list := range []string{usersPath + "?email=A@b.co", path + "/auth_factors"} {
			if all := second.must(200, "GET "+list, "")["data"].([]any); len(all) != 1 {
				t.Errorf("deferred %t: %s is %v", deferred, list, all)
			}
		}
		second.must(400, "POST "+usersPath, `{"email":"A@b.co"}`)
		if err := second.engine.Reset(ctx); err != nil {
			t.Fatal(err)
		}
		second.must(404, "GET "+usersPath+"/external_id/1", "")
		second.add(`{"email":"a@b.co"}`)
	}
}
