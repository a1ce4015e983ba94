package factors_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"mfa-tui/store/factors"
	"mfa-tui/workos"
)

// A connection that fails is explained in words, and with it that no factor was
// enrolled. The servers and what goes wrong at them are real, but for DNS.
func TestNoResponse(t *testing.T) {
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // the handshakes are to fail
	secure.StartTLS()
	defer secure.Close()
	open := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { // a proxy that wants a password, too
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	defer open.Close()
	ssh, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ssh.Close()
	go func() {
		for conn, err := ssh.Accept(); err == nil; conn, err = ssh.Accept() {
			_, _ = io.WriteString(conn, "SSH-2.0-OpenSSH_9.2\r\n")
			defer conn.Close()
		}
	}()
	closed := httptest.NewServer(nil)
	closed.Close()
	trusted := x509.NewCertPool()
	trusted.AddCert(secure.Certificate())
	_, port, err := net.SplitHostPort(secure.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	far := time.Date(2200, 1, 15, 12, 0, 0, 0, time.UTC)
	trust := "name the file with its certificate in SSL_CERT_FILE"
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		trust = "add its certificate to the system's store"
	}
	proxy := func(to *httptest.Server) func(*http.Request) (*url.URL, error) {
		return func(*http.Request) (*url.URL, error) { return url.Parse(to.URL) }
	}
	for name, test := range map[string]struct {
		url  string
		set  func(*http.Transport)
		want []string
	}{
		"unknown authority": {secure.URL, nil, []string{"is from an authority that this computer does not trust", trust}},
		"another name": {"https://localhost:" + port, func(t *http.Transport) { t.TLSClientConfig = &tls.Config{RootCAs: trusted} },
			[]string{"the certificate of the server is not for localhost", "check the base URL"}},
		"expired": {secure.URL, func(t *http.Transport) {
			t.TLSClientConfig = &tls.Config{RootCAs: trusted, Time: func() time.Time { return far }}
		}, []string{"is valid from 1970-01-01 00:00:00 UTC to 2084-01-29 16:00:00 UTC only", "check this computer's clock: it says 2026-01-15 12:00:00 UTC"}},
		"no TLS":              {strings.Replace(open.URL, "http:", "https:", 1), nil, []string{"does not speak TLS"}},
		"no TLS, and no HTTP": {"https://" + ssh.Addr().String(), nil, []string{"does not speak TLS"}},
		"refused":             {closed.URL, nil, []string{"can't be reached: ", "refused, so nothing listens there", "check the network"}},
		"no such proxy":       {"https://example.com", func(t *http.Transport) { t.Proxy = proxy(closed) }, []string{"the proxy can't be used: ", "check HTTPS_PROXY"}},
		"proxy says no":       {"https://example.com", func(t *http.Transport) { t.Proxy = proxy(open) }, []string{"the proxy can't be used: 407 Proxy Authentication Required"}},
		"no such name": {"https://example.com", dialing(&net.DNSError{Err: "no such host", Name: "example.com", IsNotFound: true}),
			[]string{"no server has the name example.com (DNS)"}},
		"no name server": {"https://example.com", dialing(&net.DNSError{Err: "server misbehaving", Name: "example.com", IsTemporary: true}),
			[]string{"its name could not be looked up (DNS): server misbehaving"}},
	} {
		t.Run(name, func(t *testing.T) {
			fx := newFixture(t)
			fx.Mode, fx.Host = factors.Test, "there"
			transport := workos.NewTransport()
			transport.Proxy = nil
			if test.set != nil {
				test.set(transport)
			}
			if fx.API, err = workos.NewClient(workos.ClientOpts{APIKey: "k", BaseURL: test.url, Transport: transport, RetryWait: time.Microsecond}); err != nil {
				t.Fatal(err)
			}
			_, err := fx.Enroll(t.Context(), workos.EnrollFactorOpts{Type: workos.GenericOTP}, "")
			if err == nil || errors.As(err, new(*factors.UncertainError)) {
				t.Fatal(err)
			}
			got := strings.Join(fx.Explain(err), " · ")
			for _, want := range append(test.want, "the factor was not enrolled") {
				if !strings.Contains(got, want) {
					t.Errorf("explained as %q, want %q in it", got, want)
				}
			}
		})
	}
}

// dialing makes a transport fail with an error where it dials.
func dialing(err error) func(*http.Transport) {
	return func(t *http.Transport) {
		t.DialContext = func(_ context.Context, network, _ string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: network, Err: err}
		}
	}
}
