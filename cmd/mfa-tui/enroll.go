package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// keyFlag is the flag with which an enrollment is the same as an earlier one.
const keyFlag = "idempotency-key"

func (p *program) enrollCommand() *cobra.Command {
	var opts workos.EnrollFactorOpts
	var label string
	enroll := func(t workos.FactorType, use, short, example string) *cobra.Command {
		return &cobra.Command{
			Use: use, Short: short, Example: example,
			RunE: p.withApp(func(ctx context.Context, a *app, _ []string) error {
				opts.Type = t
				if strings.Contains(opts.UserID, "@") {
					var err error
					if opts.UserID, err = a.UserID(ctx, opts.UserID); err != nil {
						return err
					}
				}
				return p.runToCompletion(func() error { return p.enroll(ctx, a, opts, label) })
			}),
		}
	}
	totp := enroll(workos.TOTP, "totp --issuer NAME --user NAME", "Enroll an authenticator app",
		`  mfa-tui enroll totp --issuer 'Foo Corp' --user alan@example.com --label alan`)
	totp.Flags().StringVar(&opts.TOTPIssuer, "issuer", "", "`NAME` of your product, as the app shows it")
	totp.Flags().StringVar(&opts.TOTPUser, "user", "", "`NAME` of the person, as the app shows it; often an e-mail address")
	sms := enroll(workos.SMS, "sms --phone NUMBER", "Enroll a phone that receives text messages",
		`  mfa-tui enroll sms --phone '+1 500 555 0006' --label phone`)
	sms.Flags().StringVar(&opts.PhoneNumber, "phone", "", "`NUMBER` with + and the country code, such as +15005550006")
	otp := enroll(workos.GenericOTP, "otp", "Enroll a Generic OTP factor, whose codes you deliver yourself",
		`  mfa-tui enroll otp --user-id user_01ALAN --label mail`)

	cmd := group("enroll", "Enroll a factor", totp, sms, otp)
	cmd.Long = `Enroll a factor and save it in the factor file. Its ID is printed.

With --json the factor is printed as the API has it. A TOTP factor then has
totp.secret, totp.uri and totp.qr_code, which WorkOS sends this once.

If the response is lost, the factor may have been enrolled although the command
failed. The error then has a key: with --idempotency-key and that key the same
command gets that factor, and enrolls no second one.`
	cmd.PersistentFlags().StringVar(&label, "label", "", "your own `NAME` for it")
	cmd.PersistentFlags().StringVar(&opts.UserID, "user-id", "", "WorkOS `USER` that it belongs to: ID or e-mail address")
	cmd.PersistentFlags().Func(keyFlag, "`KEY` of an enrollment that failed, or of your own: the same key enrolls once", func(key string) (err error) {
		opts.IdempotencyKey, err = factors.CheckKey(key)
		return err
	})
	p.jsonFlag(cmd.PersistentFlags())
	return cmd
}

// enroll enrolls a factor, saves it and prints it.
func (p *program) enroll(ctx context.Context, a *app, opts workos.EnrollFactorOpts, label string) error {
	done, err := a.Enroll(ctx, opts, label)
	var uncertain *factors.UncertainError
	switch {
	case errors.As(err, &uncertain):
		return errors.Join(err, fmt.Errorf("to try again without enrolling twice, add --%s %s", keyFlag, uncertain.Key))
	case err != nil:
		return err
	}
	printErr := p.print(done.Factor, func() string { return words.Clean(done.Factor.ID) + "\n" })
	if done.SaveErr == nil && !p.json {
		hint := ""
		if done.Record.HasSecret() {
			hint = "; mfa-tui qr " + a.argument(done.Record) + " shows its QR code until it is verified"
		}
		p.say("enrolled %s%s", factors.Name(done.Record), hint)
	}
	return errors.Join(printErr, p.printUnsaved(a.Store, done.Done))
}
