package workos

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

type progressKey struct{}

// progress is how far a call has come. The body of a response belongs to the attempt:
// one that breaks off is as lost as one that never came.
type progress struct {
	began    time.Time
	attempts int
	wanted   bool   // the body of a successful response is needed
	body     []byte // of the last response
	// requestID is that of the last response.
	requestID string
	// lost is set if an attempt may have worked whose response is not known.
	lost bool
}

// withProgress keeps the progress of a call, whose response is needed or not.
func withProgress(ctx context.Context, wanted bool, began time.Time) context.Context {
	return context.WithValue(ctx, progressKey{}, &progress{wanted: wanted, began: began})
}

func progressOf(ctx context.Context) *progress { return ctx.Value(progressKey{}).(*progress) }

// read reads the body of a response. It is an error if the body is needed and is
// not all there. A body of another status only explains it.
func (p *progress) read(resp *http.Response) error {
	var err error
	p.body, err = io.ReadAll(io.LimitReader(resp.Body, maxResponse+1))
	resp.Body.Close()
	resp.Body = http.NoBody
	switch {
	case !p.wanted || !successful(resp) || json.Valid(p.body) || len(p.body) > maxResponse:
		return nil
	case err != nil:
		return fmt.Errorf("the response broke off: %w", err)
	}
	return notJSON(p.body)
}

func successful(resp *http.Response) bool { return resp.StatusCode >= 200 && resp.StatusCode <= 299 }

// checkRetry retries broken connections, broken responses, 429 and temporary 5xx,
// unless the response says that it is useless (X-Should-Retry, as the local engine does
// when it can't save), or asks for a wait that is too long to make without asking the
// caller.
func checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	p := progressOf(ctx)
	p.attempts++
	p.body = nil
	var broken error
	if err == nil {
		p.requestID = requestID(resp)
		broken = p.read(resp)
	}
	p.lost = p.lost || broken != nil || (err != nil && !unsent(err)) || (err == nil && undecided(resp.StatusCode))
	switch {
	case err == nil && broken == nil && successful(resp):
		return false, nil
	case ctx.Err() != nil:
		return false, ctx.Err()
	case err != nil:
		return retryablehttp.DefaultRetryPolicy(ctx, nil, err)
	case broken != nil:
		return true, broken
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
	default:
		return false, nil
	}
	if resp.Header.Get("X-Should-Retry") == "false" {
		return false, nil
	}
	wait := retryAfter(resp)
	if deadline, ok := ctx.Deadline(); ok && wait > time.Until(deadline) {
		return false, nil
	}
	return wait <= maxRetryAfter, nil
}

// undecided reports whether a request that failed with a status may have been
// carried out: the server gave up on it, or is still at it.
func undecided(status int) bool {
	return status >= 500 || status == http.StatusRequestTimeout || status == http.StatusConflict
}

// unsent reports whether a request failed before any of it was sent.
func unsent(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") {
		return true
	}
	var plain tls.RecordHeaderError // Conn is set where no handshake was made
	return errors.As(err, new(*tls.CertificateVerificationError)) || errors.As(err, &plain) && plain.Conn != nil || errors.Is(err, http.ErrSchemeMismatch)
}

// backoff is the wait before the next attempt: what the API asks for, else
// twice as long each time, with jitter.
func backoff(least, most time.Duration, attempt int, resp *http.Response) time.Duration {
	wait := min(least<<attempt, most)
	wait = wait/2 + rand.N(wait/2+1)
	if resp != nil && !successful(resp) { // a success that is broken asks for nothing
		wait = max(wait, retryAfter(resp))
	}
	return wait
}

// retryAfter is the wait that a response asks for: seconds or a date (RFC 9110 §10.2.3),
// which is compared with the response's own, since this computer's clock may be wrong.
func retryAfter(resp *http.Response) time.Duration {
	value := resp.Header.Get("Retry-After")
	if s, err := strconv.Atoi(value); err == nil && s >= 0 {
		return time.Duration(min(s, 1<<20)) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		now, err := http.ParseTime(resp.Header.Get("Date"))
		if err != nil {
			now = time.Now()
		}
		return max(0, at.Sub(now))
	}
	return 0
}
