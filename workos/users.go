package workos

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"
)

// Order is the order of a list, by time of creation.
type Order string

// The orders; the API's default is Desc.
const (
	Asc  Order = "asc"
	Desc Order = "desc"
)

// List is a page of a list.
type List[T any] struct {
	Data         []T          `json:"data"`
	ListMetadata ListMetadata `json:"list_metadata"`
}

// ListMetadata has the cursors of the pages before and after, empty at the end of the list.
type ListMetadata struct {
	Before string `json:"before"`
	After  string `json:"after"`
}

// ListUsersOpts selects users. Limit is 1 to 100, 0 for the API's default.
type ListUsersOpts struct {
	Email         string
	Limit         int
	Before, After string
	Order         Order
}

// ListUsersResponse is a page of users.
type ListUsersResponse = List[User]

// ListUsers finds users: GET /user_management/users.
func (c *Client) ListUsers(ctx context.Context, opts ListUsersOpts) (ListUsersResponse, error) {
	query := pageQuery(opts.Limit, opts.Before, opts.After, opts.Order)
	if opts.Email != "" {
		query.Set("email", opts.Email)
	}
	var l ListUsersResponse
	err := c.do(ctx, call{method: http.MethodGet, path: "/user_management/users", query: query, out: &l})
	return l, err
}

// CreateUserOpts is a user to add.
type CreateUserOpts struct {
	Email          string `json:"email"`
	FirstName      string `json:"first_name,omitempty"`
	LastName       string `json:"last_name,omitempty"`
	IdempotencyKey string `json:"-"`
}

// CreateUser adds a user: POST /user_management/users.
func (c *Client) CreateUser(ctx context.Context, opts CreateUserOpts) (User, error) {
	var u User
	err := c.do(ctx, call{method: http.MethodPost, path: "/user_management/users", body: opts, key: opts.IdempotencyKey, out: &u})
	return u, err
}

// DeleteUserOpts names a user to delete.
type DeleteUserOpts struct{ UserID string }

// DeleteUser deletes a user and their factors: DELETE /user_management/users/{id}.
func (c *Client) DeleteUser(ctx context.Context, opts DeleteUserOpts) error {
	return c.do(ctx, call{method: http.MethodDelete, path: "/user_management/users/{id}", id: opts.UserID})
}

// ListUserFactorsOpts selects the factors of a user. Limit is 1 to 100, 0 for
// the API's default.
type ListUserFactorsOpts struct {
	UserID        string
	Limit         int
	Before, After string
	Order         Order
}

// ListUserFactorsResponse is a page of factors.
type ListUserFactorsResponse = List[Factor]

// ListUserFactors lists a user's factors: GET /user_management/users/{id}/auth_factors.
func (c *Client) ListUserFactors(ctx context.Context, opts ListUserFactorsOpts) (ListUserFactorsResponse, error) {
	query := pageQuery(opts.Limit, opts.Before, opts.After, opts.Order)
	var l ListUserFactorsResponse
	err := c.do(ctx, call{method: http.MethodGet, path: "/user_management/users/{id}/auth_factors", id: opts.UserID, query: query, out: &l})
	return l, err
}

// EnrollUserFactorOpts is a TOTP factor to enroll for a user. TOTPSecret is
// base32; if it is empty, the API makes one.
type EnrollUserFactorOpts struct {
	UserID         string     `json:"-"`
	Type           FactorType `json:"type"`
	TOTPIssuer     string     `json:"totp_issuer,omitempty"`
	TOTPUser       string     `json:"totp_user,omitempty"`
	TOTPSecret     string     `json:"totp_secret,omitempty"`
	IdempotencyKey string     `json:"-"`
}

// EnrollUserFactorResponse is the factor enrolled and its first challenge.
type EnrollUserFactorResponse struct {
	Factor    Factor    `json:"authentication_factor"`
	Challenge Challenge `json:"authentication_challenge"`
}

// EnrollUserFactor enrolls a factor for a user: POST /user_management/users/{id}/auth_factors.
func (c *Client) EnrollUserFactor(ctx context.Context, opts EnrollUserFactorOpts) (EnrollUserFactorResponse, error) {
	var e EnrollUserFactorResponse
	err := c.do(ctx, call{
		method: http.MethodPost, path: "/user_management/users/{id}/auth_factors", id: opts.UserID,
		body: opts, key: opts.IdempotencyKey, out: &e, fill: func() {
			e.Factor.TOTP.fillSecret()
			e.Factor.UserID = cmp.Or(e.Factor.UserID, opts.UserID)
			e.Challenge.FactorID = cmp.Or(e.Challenge.FactorID, e.Factor.ID)
		},
	})
	return e, err
}

func pageQuery(limit int, before, after string, order Order) url.Values {
	q := url.Values{}
	if limit > 0 {
		q.Set("limit", strconv.Itoa(limit))
	}
	for name, value := range map[string]string{"before": before, "after": after, "order": string(order)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}
