package local

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// foreign is the response to a request that a web page may have sent, nil for any other.
// The default key is public, so that a page could do all that a program can, if its name
// were made to lead here (DNS rebinding) or if its browser let it ask another site. What
// comes from the same process has no address, and is never from a page.
func (e *Engine) foreign(r *http.Request) *response {
	if r.RemoteAddr == "" {
		return nil
	}
	switch host := hostOf(r); {
	case host == "":
		return forbidden("Requests without a host are refused. The header Host names it.")
	case !e.answersTo(host):
		return forbidden(fmt.Sprintf("Requests to the host '%s' are refused, because a web page may have a name that leads here. If it is yours, start the server with --allowed-host %[1]s", host))
	}
	asChange := r.WithContext(r.Context())
	asChange.Method = http.MethodPost // else what only reads would pass
	if e.origins.Check(asChange) != nil {
		return forbidden("Requests of a web page from elsewhere are refused.")
	}
	return nil
}

// Refuses reports whether the header of a request is enough to refuse it, so that nobody
// need wait for its body: it may be of a web page from elsewhere, has not the key, or is
// another machine's for a tool.
func (e *Engine) Refuses(r *http.Request) bool {
	_, pattern := e.find(r)
	return e.foreign(r) != nil || e.keyed[pattern] != nil && !e.authorized(r) || strings.HasPrefix(r.URL.Path, ToolsPath) && e.mayUseTools(r) != nil
}

func forbidden(message string) *response {
	return &response{http.StatusForbidden, problem{Message: message, Code: "forbidden"}}
}

// hostOf is the host that a request was sent to, without its port.
func hostOf(r *http.Request) string {
	return strings.TrimSuffix((&url.URL{Host: r.Host}).Hostname(), ".")
}

// answersTo reports whether nobody else can have a web page with this host: an address
// has no name to change, and the names of this machine are nobody else's.
func (e *Engine) answersTo(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	host = strings.ToLower(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || // RFC 6761 §6.3
		slices.ContainsFunc(e.opts.AllowedHosts, func(name string) bool { return strings.EqualFold(strings.TrimSuffix(name, "."), host) })
}

// mayUseTools is nil if a request may use the tools for tests: it came from this machine,
// or from an address that was named. What a proxy says of others is not asked: anybody can
// write a header.
func (e *Engine) mayUseTools(r *http.Request) *response {
	if r.RemoteAddr == "" {
		return nil
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return forbidden("/_emulate/ does not answer, because the address of the client is unknown")
	}
	from := peer.Addr().Unmap().WithZone("") // prefixes have none
	if from.IsLoopback() || slices.ContainsFunc(e.opts.EmulateFrom, func(p netip.Prefix) bool { return p.Contains(from) }) {
		return nil
	}
	return forbidden(fmt.Sprintf("/_emulate/ does not answer %s. If that is yours, start the server with --emulate-from %[1]s", from))
}

// authorized compares the bearer token in constant time.
func (e *Engine) authorized(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return e.opts.APIKey == "" || ok && e.isKey(token)
}

func (e *Engine) isKey(key string) bool {
	return subtle.ConstantTimeCompare([]byte(key), []byte(e.opts.APIKey)) == 1
}

// knowsKey reports whether the caller has the key: as the secret or, since some SDKs send
// none, as the bearer. A wrong secret is refused in spite of the bearer, because WorkOS
// reads the secret.
func (r *request) knowsKey(secret string) bool {
	if secret == "" {
		return r.engine.authorized(r.http)
	}
	return r.engine.opts.APIKey == "" || r.engine.isKey(secret)
}

func (e *Engine) takesClient(id string) bool {
	return id != "" && (e.opts.ClientID == "" || e.opts.ClientID == id)
}
