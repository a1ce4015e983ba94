package workos

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

type attemptsKey struct{}

// withAttempts counts the attempts of a call.
func withAttempts(ctx context.Context) context.Context {
	return context.WithValue(ctx, attemptsKey{}, new(int))
}

func attemptsOf(req *retryablehttp.Request) int {
	return *req.Context().Value(attemptsKey{}).(*int)
}

// checkRetry retries broken connections, 429 and temporary 5xx, unless the response
// says that it is useless (X-Should-Retry, as the local engine does when it can't
// save), or asks for a wait that is too long to make without asking the caller.
func checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if n, ok := ctx.Value(attemptsKey{}).(*int); ok {
		*n++
	}
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil {
		return retryablehttp.DefaultRetryPolicy(ctx, nil, err)
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

// backoff is the wait before the next attempt: what the API asks for, else
// twice as long each time, with jitter.
func backoff(least, most time.Duration, attempt int, resp *http.Response) time.Duration {
	wait := min(least<<attempt, most)
	wait = wait/2 + rand.N(wait/2+1)
	if resp != nil {
		wait = max(wait, retryAfter(resp))
	}
	return wait
}

// retryAfter is the wait that a response asks for: seconds or a date (RFC 9110 §10.2.3).
func retryAfter(resp *http.Response) time.Duration {
	value := resp.Header.Get("Retry-After")
	if s, err := strconv.Atoi(value); err == nil && s >= 0 {
		return time.Duration(min(s, 1<<20)) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}
