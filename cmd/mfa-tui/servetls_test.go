package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// authorityOf is what a client trusts that has the server's CA file.
func authorityOf(t *testing.T, file string) *x509.CertPool {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(data) {
		t.Fatalf("no certificate in %s", data)
	}
	if strings.Contains(string(data), "KEY") {
		t.Error("the CA's file has a key")
	}
	return pool
}

// shakes opens a TLS connection to a server by a name, as an old client does.
func (s *serving) shakes(name string, trusted *x509.CertPool) error {
	s.t.Helper()
	u, err := url.Parse(s.URL)
	if err != nil {
		s.t.Fatal(err)
	}
	conn, err := tls.Dial("tcp", u.Host, &tls.Config{ServerName: name, RootCAs: trusted, MaxVersion: tls.VersionTLS12})
	if err != nil {
		return err
	}
	return conn.Close()
}

// With --tls a client that trusts the CA's file, and no other, talks to the server by
// each of its names.
func TestServeTLS(t *testing.T) {
	s := serve(t, "--tls")
	trusted := authorityOf(t, s.CA)
	if !strings.HasPrefix(s.URL, "https://127.0.0.1:") || !strings.HasPrefix(s.Health, s.URL) || !filepath.IsAbs(s.CA) {
		t.Errorf("%+v", s)
	}
	if info, err := os.Stat(s.CA); err != nil || hasModes && info.Mode().Perm() != caMode {
		t.Errorf("%v, %v", info, err)
	}
	for _, name := range []string{"localhost", "127.0.0.1", "::1"} {
		if err := s.shakes(name, trusted); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s.shakes("192.0.2.1", trusted) == nil || s.shakes("localhost", x509.NewCertPool()) == nil {
		t.Error("the certificate is good for another address, or without its CA")
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}}}
	defer client.CloseIdleConnections()
	resp, err := client.Get(s.Health)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("health is %d", resp.StatusCode)
	}
	s.stop()
	s.ends()
	if _, err := os.Stat(s.CA); !os.IsNotExist(err) {
		t.Errorf("the file of the CA is left: %v", err)
	}
}

// The file of the CA is beside the state, with the CA of the last start.
func TestServeTLSBesideTheState(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state.json")
	first := serve(t, "--tls", "--state", state)
	first.stop()
	first.ends()
	s := serve(t, "--tls", "--state", state)
	if s.CA != state+caSuffix {
		t.Errorf("the CA is in %s", s.CA)
	}
	if err := s.shakes("localhost", authorityOf(t, s.CA)); err != nil {
		t.Error(err)
	}
	s.stop()
	s.ends()
	if _, err := os.Stat(s.CA); err != nil {
		t.Error(err)
	}
	var names []string
	entries, err := os.ReadDir(filepath.Dir(state))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if data, err := os.ReadFile(filepath.Join(filepath.Dir(state), e.Name())); err != nil || strings.Contains(string(data), "PRIVATE KEY") {
			names = append(names, e.Name())
		}
	}
	if names != nil {
		t.Errorf("keys are in %v", names)
	}
}

// A mistake with TLS is told before anything is written, and what is somebody else's is
// left as it is.
func TestServeTLSRefused(t *testing.T) {
	dir := t.TempDir()
	state := filepath.Join(dir, "state.json")
	foreign := state + caSuffix
	writeFile(t, foreign, "somebody else's")
	for want, args := range map[string][]string{
		foreign + " is not a CA of mfa-tui serve and is left as it is":        {"--tls"},
		"--tls-cert and --tls-key: tls: failed to find any PEM data in certi": {"--tls-cert", foreign, "--tls-key", foreign},
	} {
		if _, out, errOut := outcome(t, nil, append([]string{"serve", "--port", "0", "--state", state}, args...)...); out != "" || !strings.Contains(errOut, want) {
			t.Errorf("%q: %q, %q", args, out, errOut)
		}
	}
	entries, err := os.ReadDir(dir)
	if data, err := os.ReadFile(foreign); err != nil || string(data) != "somebody else's" {
		t.Errorf("it has %q, %v", data, err)
	}
	if err != nil || len(entries) != 1 {
		t.Errorf("the folder has %v, %v", entries, err)
	}
}

// The certificate is for what --allowed-host names, too.
func TestServeTLSForAllowedHosts(t *testing.T) {
	s := serve(t, "--tls", "--allowed-host", "engine.test", "--allowed-host", "192.0.2.1", "--allowed-host", "2001:db8::1")
	trusted := authorityOf(t, s.CA)
	for _, name := range []string{"engine.test", "192.0.2.1", "2001:db8::1"} {
		if err := s.shakes(name, trusted); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.stop()
	s.ends()
}

// Handshakes that the end of the server breaks off are not told.
func TestServeTLSHalfOpen(t *testing.T) {
	s := serve(t, "--tls")
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		dialHere(t, u.Host, "")
	}
	if err := s.shakes("localhost", authorityOf(t, s.CA)); err != nil { // the others are there by now
		t.Error(err)
	}
	s.stop()
	s.ends()
	if got := s.errOut.String(); got != "" {
		t.Errorf("it said %q", got)
	}
}

// On all addresses of the machine the certificate has them all.
func TestServeTLSEverywhere(t *testing.T) {
	s := serve(t, "--tls", "--host", "0.0.0.0")
	trusted := authorityOf(t, s.CA)
	all, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if network, ok := a.(*net.IPNet); ok {
			if err := s.shakes(network.IP.String(), trusted); err != nil {
				t.Error(err)
			}
		}
	}
	s.stop()
	s.ends()
}

// With a certificate of the person's, which is told if it is for another name.
func TestServeOwnCertificate(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	write := func(ips ...net.IP) *x509.CertPool {
		c, authority, err := newCertificate(time.Now(), []string{"engine.test"}, ips)
		if err != nil {
			t.Fatal(err)
		}
		private, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, cert, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate[0]})))
		writeFile(t, key, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})))
		parsed, err := x509.ParseCertificate(authority)
		if err != nil {
			t.Fatal(err)
		}
		pool := x509.NewCertPool()
		pool.AddCert(parsed)
		return pool
	}
	for _, test := range []struct {
		ips  []net.IP
		told string
	}{
		{[]net.IP{net.IPv4(127, 0, 0, 1)}, ""},
		{nil, "mfa-tui: warning: the certificate of --tls-cert is not for 127.0.0.1; give clients a URL with a name that it is for\n"},
	} {
		trusted := write(test.ips...)
		s := serve(t, "--tls-cert", cert, "--tls-key", key)
		if err := s.shakes("engine.test", trusted); err != nil || s.CA != "" || !strings.HasPrefix(s.URL, "https://") {
			t.Errorf("%+v, %v", s, err)
		}
		s.stop()
		s.ends()
		if got := s.errOut.String(); got != test.told {
			t.Errorf("it said %q", got)
		}
	}
}

// This program itself is a client that trusts the CA by SSL_CERT_FILE.
func TestServeTLSForThisProgram(t *testing.T) {
	if runtime.GOOS == windowsOS || runtime.GOOS == "darwin" {
		t.Skip("certificates are trusted in the system's store there")
	}
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--tls", "--fixed-code", "+15005550006=012345")
	folder := t.TempDir()
	call := func(args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), path, args...)
		cmd.Dir = folder
		cmd.Env = []string{"HOME=" + folder, "GOCOVERDIR=" + folder, "WORKOS_API_KEY=" + s.APIKey, "WORKOS_BASE_URL=" + s.URL, "SSL_CERT_FILE=" + s.CA, "MFA_TUI_STORE=factors.json"}
		out, err := cmd.Output()
		return strings.TrimSpace(string(out)), err
	}
	factor, err := call("enroll", "sms", "--phone", "+15005550006")
	if err != nil {
		t.Fatal(err)
	}
	challenge, err := call("challenge", factor)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := call("verify", challenge, "012345"); err != nil {
		t.Errorf("%s, %v", out, err)
	}
}

// On the terminal the file of the CA is told, too.
func TestServeTellsTheCA(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	var out, errOut lockedBuffer
	status := make(chan int, 1)
	go func() {
		status <- run(ctx, []string{"serve", "--port", "0", "--tls"}, []string{"HOME=/nowhere"}, strings.NewReader(""), &out, &errOut)
	}()
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(out.String(), "Press ctrl+c"); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("it says %q, %q", out.String(), errOut.String())
		}
	}
	stop()
	if got := <-status; got != exitDone {
		t.Errorf("status %d", got)
	}
	lines := strings.Split(out.String(), "\n")
	if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "CA to trust     ") && strings.HasSuffix(l, ".pem") }) {
		t.Errorf("it says %q", lines)
	}
}
