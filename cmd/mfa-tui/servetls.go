package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"mfa-tui/store"
)

const (
	// certificateTime is how long a certificate that is made is valid: less than the
	// 398 days that clients of Apple's take.
	certificateTime = 365 * 24 * time.Hour

	// caSuffix is what the CA's file has after the name of the state file.
	caSuffix = ".ca.pem"
	caMode   = 0o644 // it is public, and clients may be other users
)

// encryption is what a server with TLS has. A nil one is that of a server without.
type encryption struct {
	certificate tls.Certificate
	caFile      string // the certificate of its authority, empty if the person has it
	temporary   bool   // the file is for this run only
}

// encryption is what --tls, or --tls-cert with --tls-key, asks for, at this address.
func (s server) encryption(at net.Addr) (*encryption, error) {
	switch {
	case s.tls:
		names, ips := []string{"localhost"}, []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
		names = append(names, s.allowed...)
		if net.ParseIP(s.host) == nil {
			names = append(names, s.host)
		}
		if tcp, ok := at.(*net.TCPAddr); ok && !tcp.IP.IsUnspecified() {
			ips = append(ips, tcp.IP)
		} else {
			all, err := net.InterfaceAddrs()
			if err != nil {
				return nil, fmt.Errorf("look up the addresses of this machine: %w", err)
			}
			for _, a := range all {
				if network, ok := a.(*net.IPNet); ok {
					ips = append(ips, network.IP)
				}
			}
		}
		c, ca, err := newCertificate(time.Now(), names, ips)
		if err != nil {
			return nil, fmt.Errorf("make a certificate: %w", err)
		}
		e := &encryption{certificate: c, temporary: s.state == ""}
		if e.caFile, err = saveCA(s.state, ca); err != nil {
			return nil, fmt.Errorf("save the certificate of the CA: %w", err)
		}
		return e, nil
	case s.tlsCert != "":
		c, err := tls.LoadX509KeyPair(s.tlsCert, s.tlsKey)
		if err != nil {
			return nil, usageError{fmt.Errorf("--tls-cert and --tls-key: %w", err)}
		}
		return &encryption{certificate: c}, nil
	}
	return nil, nil
}

// listener encrypts what a listener accepts. It speaks HTTP/1.1 only, where each call has
// a connection of its own that a hook can reset.
func (e *encryption) listener(l net.Listener) net.Listener {
	if e == nil {
		return l
	}
	return tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{e.certificate}, NextProtos: []string{"http/1.1"}})
}

// close removes what was for this run only.
func (e *encryption) close() {
	if e != nil && e.temporary {
		_ = os.Remove(e.caFile) // at worst a file that nobody needs is left
	}
}

// newCertificate makes an authority, and a certificate of it for these names and
// addresses. The authority's key is forgotten: it signs nothing else. Whatever speaks TLS
// 1.2, the oldest that the server takes, knows the curve.
func newCertificate(now time.Time, names []string, ips []net.IP) (c tls.Certificate, authority []byte, err error) {
	ca := &x509.Certificate{
		Subject: pkix.Name{CommonName: "mfa-tui serve CA"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateTime),
		BasicConstraintsValid: true, IsCA: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		Subject: pkix.Name{CommonName: "mfa-tui serve"}, NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
		DNSNames: names, IPAddresses: ips, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return c, nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return c, nil, err
	}
	authority, err = x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey)
	if err != nil {
		return c, nil, err
	}
	signed, err := x509.CreateCertificate(rand.Reader, leaf, ca, key.Public(), caKey)
	if err != nil {
		return c, nil, err
	}
	c = tls.Certificate{Certificate: [][]byte{signed, authority}, PrivateKey: key}
	c.Leaf, err = x509.ParseCertificate(signed)
	return c, authority, err
}

// saveCA writes the certificate of the authority to a file, for clients to trust: beside
// the state file, where the next start replaces it, else to a temporary one.
func saveCA(state string, certificate []byte) (path string, err error) {
	data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})
	if state != "" {
		if path, err = filepath.Abs(state + caSuffix); err == nil {
			err = store.SaveFile(path, data, true)
		}
	} else {
		path, err = temporaryFile(data)
	}
	if err != nil {
		return "", err
	}
	return path, os.Chmod(path, caMode)
}

// temporaryFile writes data to a new file.
func temporaryFile(data []byte) (path string, err error) {
	f, err := os.CreateTemp("", "mfa-tui-ca-*.pem")
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	return f.Name(), errors.Join(err, f.Close())
}
