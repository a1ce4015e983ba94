// Command mfa-tui is WorkOS multi-factor authentication in a terminal: it
// enrolls factors, challenges them and verifies codes, at WorkOS or, without an
// API key, on a local engine of its own.
package main

import (
	"context"
	"os"

	"mfa-tui/cmd/mfa-tui/noquery"
)

func main() {
	noquery.Restore()
	os.Exit(run(context.Background(), os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr))
}
