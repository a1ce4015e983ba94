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
	"io/fs"
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

	caName = "mfa-tui serve CA"
)

// encryption is what a server with TLS has. A nil one is that of a server without.
type encryption struct {
	certificate tls.Certificate
	caFile      string // the certificate of its authority, empty if the person has it
	temporary   bool   // the file is for this run only
}

// encryption is what --tls, or --tls-cert with --tls-key, asks for. Nothing is written yet:
// certify does that.
func (s server) encryption() (*encryption, error) {
	switch {
	case s.tls && s.state != "":
		file, err := filepath.Abs(s.state + caSuffix)
		if err == nil {
			err = checkCAFile(file)
		}
		return &encryption{caFile: file}, err
	case s.tls:
		return &encryption{temporary: true}, nil
	case s.tlsCert != "":
		c, err := tls.LoadX509KeyPair(s.tlsCert, s.tlsKey)
		if err != nil {
			return nil, usageError{fmt.Errorf("--tls-cert and --tls-key: %w", err)}
		}
		return &encryption{certificate: c}, nil
	}
	return nil, nil
}

// certify makes the certificate of --tls, for the address where the server listens, and
// saves that of its authority.
func (e *encryption) certify(s server, at net.Addr) error {
	if e == nil || !s.tls {
		return nil
	}
	names, ips := []string{"localhost"}, []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	for _, host := range append(s.allowed, s.host) {
		if ip := net.ParseIP(host); ip != nil {
			ips = append(ips, ip)
		} else {
			names = append(names, host)
		}
	}
	if tcp, ok := at.(*net.TCPAddr); ok && !tcp.IP.IsUnspecified() {
		ips = append(ips, tcp.IP)
	} else {
		all, err := net.InterfaceAddrs()
		if err != nil {
			return fmt.Errorf("look up the addresses of this machine: %w", err)
		}
		for _, a := range all {
			if network, ok := a.(*net.IPNet); ok {
				ips = append(ips, network.IP)
			}
		}
	}
	c, ca, err := newCertificate(time.Now(), names, ips)
	if err != nil {
		return fmt.Errorf("make a certificate: %w", err)
	}
	e.certificate = c
	if e.caFile, err = saveCA(e.caFile, ca); err != nil {
		return fmt.Errorf("save the certificate of the CA: %w", err)
	}
	return nil
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
		Subject: pkix.Name{CommonName: caName}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateTime),
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

// checkCAFile refuses to replace what is not the certificate of an authority of ours.
func checkCAFile(path string) error {
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("read the certificate of the CA: %w", err)
	}
	if block, rest := pem.Decode(data); block != nil && len(rest) == 0 {
		if c, err := x509.ParseCertificate(block.Bytes); err == nil && c.Subject.CommonName == caName {
			return nil
		}
	}
	return fmt.Errorf("%s is not a CA of mfa-tui serve and is left as it is: move it away, or choose another --state", path)
}

// saveCA writes the certificate of the authority to a file, for clients to trust: beside
// the state file, where the next start replaces it, else to a temporary one.
func saveCA(file string, certificate []byte) (path string, err error) {
	data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})
	if path = file; path != "" {
		err = store.SaveFile(path, data, true)
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
