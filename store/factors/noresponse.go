package factors

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"syscall"
	"time"

	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

const checkNetwork = "check the network, and HTTPS_PROXY and the base URL if they are set"

// noResponse explains a call that got no response.
func (l *List) noResponse(err *workos.Error) (what []string, advice string) {
	service := l.Service()
	var (
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		noTLS     tls.RecordHeaderError
		dns       *net.DNSError
		op        *net.OpError
	)
	unreachable := service + " can't be reached: "
	switch {
	case errors.As(err, &authority):
		return []string{"the certificate of " + service + " is from an authority that this computer does not trust"}, trustAdvice(runtime.GOOS)
	case errors.As(err, &name):
		return []string{"the certificate of the server is not for " + name.Host},
			"check the base URL; a proxy or a login page of the network may have responded instead of " + service
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return []string{fmt.Sprintf("the certificate of %s is valid from %s to %s only", service, words.Stamp(invalid.Cert.NotBefore), words.Stamp(invalid.Cert.NotAfter))},
			"check this computer's clock: it says " + words.Stamp(l.Now())
	case errors.As(err, &noTLS), errors.Is(err, http.ErrSchemeMismatch):
		return []string{service + " does not speak TLS, which https needs"}, "check the base URL"
	case err.Timeout > 0:
		return []string{fmt.Sprintf("no response from %s within %s", service, rounded(err.Timeout))}, "check the network"
	case errors.Is(err, context.DeadlineExceeded):
		return []string{"no response from " + service + " in time"}, "check the network"
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return []string{"the proxy can't be used: " + reason(err)}, "check HTTPS_PROXY"
	case errors.As(err, &dns) && dns.IsNotFound:
		return []string{unreachable + "no server has the name " + dns.Name + " (DNS)"}, checkNetwork
	case errors.As(err, &dns):
		return []string{unreachable + "its name could not be looked up (DNS): " + dns.Err}, checkNetwork
	case refused(err):
		return []string{unreachable + "connection refused, so nothing listens there"}, checkNetwork
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return []string{service + " closed the connection without a response"}, checkNetwork
	}
	return []string{unreachable + reason(err)}, checkNetwork
}

// trustAdvice says how a system learns to trust an authority.
func trustAdvice(system string) string {
	switch system {
	case "windows", "darwin", "ios":
		return "if it is your network's or server's own, add its certificate to the system's store"
	}
	return "if it is your network's or server's own, name the file with its certificate in SSL_CERT_FILE"
}

// refused reports whether a computer responded that nothing listens at a port.
func refused(err error) bool {
	const windows syscall.Errno = 10061 // WSAECONNREFUSED, which package syscall has as another number
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, windows)
}

// rounded is a time as people say it, a short one to hundredths of a second.
func rounded(d time.Duration) string {
	if d < time.Second {
		return d.Round(10 * time.Millisecond).String()
	}
	return words.Span(d)
}

// reason is the innermost cause of a failed connection, the part that helps.
func reason(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}
