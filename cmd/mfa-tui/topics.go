package main

import "github.com/spf13/cobra"

// helpTopics are texts that belong to no command, such as mfa-tui help environment.
// They are all in the man page of mfa-tui.
func helpTopics() []*cobra.Command {
	return []*cobra.Command{
		{Use: "keys", Short: "The keys that work everywhere", Long: `The last line of each screen shows the keys that work now, ? shows all of them (f1
while you type). Arrows and hjkl move, enter confirms, esc goes back, q quits.

On an empty list, e brings factors from another environment. At any time,
mfa-tui environments lists the environments and moves factors between them.`},
		{Use: "exit-status", Short: "What each exit status means", Long: `  0  done
  1  failed
  2  usage error: unknown flag, missing argument, no terminal to ask on
  3  the code is not valid
  4  the factor, challenge or user was not found
  5  the API key was refused`},
		{Use: "environment", Short: "The environment variables", Long: `  WORKOS_API_KEY    the WorkOS key; without it you are on the local
                    engine. There is no flag for it: others can read a
                    command line
  WORKOS_CLIENT_ID  names the environment, so that its factors stay
                    together when you change the key; mfa-tui
                    environments finds those under another name
  WORKOS_BASE_URL   another server than https://api.workos.com; its
                    factors are kept apart
  MFA_TUI_STORE     the factor file, as --store
  MFA_TUI_THEME     as --theme
  ACCESSIBLE        as --accessible, unless it is 0 or false
  NO_COLOR          no colours but in QR codes, if it has any value
  COLORFGBG         set by some terminals: their colours
  HTTPS_PROXY       the proxy for API calls
  NO_PROXY          the hosts that need no proxy
  SSL_CERT_FILE     the certificates of authorities to trust, in place of
                    the system's (not on macOS and Windows)
  XDG_DATA_HOME     the folder of the factor file; ~/.local/share if
                    not set
  XDG_STATE_HOME    the folder of qr.json; ~/.local/state if not set
                    (both: an absolute path, any other counts as not set)
  HOME              ~; without it, name the factor file or its folder

.env can set those that begin with WORKOS_ or MFA_TUI_, NO_COLOR and ACCESSIBLE.

In place of both folders in ~/.local, macOS has ~/Library/Application Support and
Windows %LOCALAPPDATA%. On Windows the case of a variable's name does not matter.

A server that only .env names gets no key from the environment: unset
WORKOS_API_KEY to use the key in that file, or name the server with --base-url or
the file with --env-file.`},
		{Use: "files", Short: "The files that are read and written", Long: `  $XDG_DATA_HOME/mfa-tui/factors.json
      your factors, with a backup in factors.json.bak beside it

  $XDG_DATA_HOME/mfa-tui/factors.local.json
      the state of the local engine

  $XDG_STATE_HOME/mfa-tui/qr.json
      how QR codes are drawn on each terminal

  $XDG_RUNTIME_DIR/mfa-tui-…/qr.png
      a QR code that is open in an image viewer, until its screen is left

  Without these variables: the folders that mfa-tui help environment names, and
  the one for temporary files.

  .env
      in the working folder: variables; the environment wins over it;
      --env-file= goes on without it`},
	}
}
