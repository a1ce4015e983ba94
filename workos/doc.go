// Package workos is a small client of the WorkOS MFA API, with the names of the
// official Go SDK.
//
// [Client] has one method an endpoint. Every call is bounded by its context and
// retried where that is safe: GET and DELETE, and POST with an Idempotency-Key,
// which the client makes where the caller gives none. A wrong code is an
// outcome, [Verification.Valid] is false. Everything else that goes wrong is an
// [*Error], which predicates such as [IsNotFound] tell apart.
//
// The package does not know whether the other side is WorkOS: the transport may
// as well lead to an engine in the same process.
package workos
