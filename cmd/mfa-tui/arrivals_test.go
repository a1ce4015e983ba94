package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"mfa-tui/workos/local"
)

// A request that comes too slowly ends, with its header or with its body; one that a hook
// delays for longer does not, nor one that waits.
func TestSlowRequests(t *testing.T) {
	t.Parallel()
	engine := local.New(local.Options{})
	if _, err := engine.AddHook(local.Hook{Method: "*", Path: "/auth/factors/*", Status: 418, DelayMS: 1500}); err != nil {
		t.Fatal(err)
	}
	srv, _ := newServer(engine, engine.Refuses)
	if srv.ReadHeaderTimeout == 0 || srv.ReadTimeout == 0 || srv.IdleTimeout == 0 {
		t.Error("the server waits for ever")
	}
	srv.ReadHeaderTimeout, srv.ReadTimeout = time.Second, time.Second
	server := &httptest.Server{Config: srv, Listener: listenHere(t)}
	server.Start()
	t.Cleanup(server.Close)
	const start = "POST /auth/factors/x/challenge HTTP/1.1\r\nHost: localhost\r\n"
	for request, want := range map[string]string{
		"":    "",
		start: "",
		"POST /user_management/users HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{": "HTTP/1.1 400 Bad Request",
		"GET /_emulate/sms?wait=1500ms HTTP/1.1\r\nHost: localhost\r\n\r\n":                     "HTTP/1.1 204 No Content",
		"GET /auth/factors/x HTTP/1.1\r\nHost: localhost\r\n\r\n":                               "HTTP/1.1 418 I'm a teapot",
		start + "Content-Length: 2\r\n\r\n{}":                                                   "HTTP/1.1 418 I'm a teapot",
	} {
		t.Run(fmt.Sprintf("%.90q", request), func(t *testing.T) {
			t.Parallel()
			conn := dialHere(t, server.Listener.Addr().String(), request)
			line, err := bufio.NewReader(conn).ReadString('\n')
			if strings.TrimSpace(line) != want || want == "" && err == nil {
				t.Errorf("the answer is %q, %v; want %q", line, err, want)
			}
		})
	}
}

func listenHere(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func dialHere(t *testing.T, address, text string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil { // it hangs
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	return conn
}

// At the end, connections without a whole request are closed. A request that is being
// answered is not, and is counted.
func TestHalfOpenConnections(t *testing.T) {
	t.Parallel()
	begun, finish := make(chan bool, 99), make(chan bool)
	srv, arriving := newServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		begun <- true
		<-finish
	}), func(*http.Request) bool { return false })
	srv.ReadHeaderTimeout, srv.ReadTimeout = time.Hour, time.Hour
	server := &httptest.Server{Config: srv, Listener: listenHere(t)}
	server.Start()
	t.Cleanup(server.Close)
	end := sync.OnceFunc(func() { close(finish) })
	t.Cleanup(end)
	address := server.Listener.Addr().String()
	const start = "POST / HTTP/1.1\r\nHost: localhost\r\n"
	var conns []net.Conn
	for range 20 {
		conns = append(conns, dialHere(t, address, start))
		asked := dialHere(t, address, start+"Content-Length: 9\r\nExpect: 100-continue\r\n\r\n")
		if line, err := bufio.NewReader(asked).ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") { // it waits for the body
			t.Fatalf("%q, %v", line, err)
		}
		conns = append(conns, asked)
	}
	whole := dialHere(t, address, start+"Content-Length: 1\r\n\r\nx")
	<-begun
	if n := arriving.end(); n != 1 {
		t.Errorf("%d requests are being answered", n)
	}
	for i, conn := range append(conns, dialHere(t, address, "")) {
		if _, err := io.Copy(io.Discard, conn); err != nil && os.IsTimeout(err) {
			t.Fatalf("connection %d is open", i)
		}
	}
	end()
	if line, err := bufio.NewReader(whole).ReadString('\n'); !strings.Contains(line, "200 OK") {
		t.Errorf("the whole request got %q, %v", line, err)
	}
}

// Whoever is refused by the header gets the answer, and the end of the connection, before
// a body has come. The key opens it.
func TestRefusedByTheHeader(t *testing.T) {
	t.Parallel()
	engine := local.New(local.Options{APIKey: "sk_mine"})
	srv, _ := newServer(engine, engine.Refuses)
	srv.ReadTimeout = time.Hour
	server := &httptest.Server{Config: srv, Listener: listenHere(t)}
	server.Start()
	t.Cleanup(server.Close)
	const enroll, users, body = "POST /auth/factors/enroll", "POST /user_management/users", `{"email":"ada@example.com"}`
	for i, test := range []struct{ call, header, body, want string }{
		{enroll, "Host: evil.example", "", "403 Forbidden"},
		{enroll, "Host: localhost\r\nAuthorization: Bearer sk_mine\r\nOrigin: http://evil.example", "", "403 Forbidden"},
		{"POST /_emulate/hooks", "Host: localhost\r\nOrigin: http://evil.example", "", "403 Forbidden"},
		{enroll, "Host: localhost", "", "401 Unauthorized"},
		{users, "Host: localhost\r\nAuthorization: Bearer sk_other\r\nExpect: 100-continue", "", "401 Unauthorized"},
		{users, "Host: localhost\r\nConnection: close\r\nAuthorization: Bearer sk_mine", body, "201 Created"},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			request := fmt.Sprintf("%s HTTP/1.1\r\n%s\r\nContent-Length: %d\r\n\r\n%s", test.call, test.header, len(body), test.body)
			answer, err := io.ReadAll(dialHere(t, server.Listener.Addr().String(), request))
			if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 "+test.want+"\r\n") {
				t.Errorf("%s, %s: %q, %v", test.call, test.header, answer, err)
			}
		})
	}
}
