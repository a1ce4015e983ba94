package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"

	"mfa-tui/workos/emulate"
)

// ask asks the server that these flags describe whether it is healthy, as the check of
// a container does.
func (s server) ask(ctx context.Context) error {
	if s.port == 0 {
		return usageError{errors.New("--check needs the --port of the server")}
	}
	host, scheme := s.host, "http"
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	if s.tls || s.tlsCert != "" {
		scheme = "https"
	}
	url := scheme + "://" + net.JoinHostPort(host, strconv.Itoa(s.port)) + "/health"
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("ask %s: %w", url, err)
	}
	// Nothing secret is sent, and the certificate may be for other names.
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	resp, err := transport.RoundTrip(r)
	if err != nil {
		return fmt.Errorf("ask %s: %w", url, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("ask %s: it answered %s", url, resp.Status)
	}
	if resp.Header.Get(emulate.Header) == "" {
		return fmt.Errorf("ask %s: another program answered", url)
	}
	return nil
}
