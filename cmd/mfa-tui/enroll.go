package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"mfa-tui/store/factors"
	"mfa-tui/workos"
)

func (p *program) enrollCommand() *cobra.Command {
	var label string
	cmd := group("enroll", "Enroll a factor",
		p.enrollTOTPCommand(&label), p.enrollSMSCommand(&label), p.enrollOTPCommand(&label))
	cmd.Long = `Enroll a factor and keep it in the factor file. Its ID is printed.

With --json the factor is printed as on the wire. That of a TOTP factor has its
totp.secret, totp.uri and totp.qr_code: WorkOS tells them this once.`
	cmd.PersistentFlags().StringVar(&label, "label", "", "your own `NAME` for it")
	p.jsonFlag(cmd.PersistentFlags())
	return cmd
}

func (p *program) enrollTOTPCommand(label *string) *cobra.Command {
	opts := workos.EnrollFactorOpts{Type: workos.TOTP}
	cmd := &cobra.Command{
		Use:     "totp --issuer NAME --user NAME",
		Short:   "Enroll an authenticator app",
		Example: `  mfa-tui enroll totp --issuer 'Foo Corp' --user alan@example.com --label alan`,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := needFlags(cmd, "issuer", "user"); err != nil {
				return err
			}
			return p.enroll(cmd.Context(), opts, *label)
		},
	}
	nameFlags(cmd, &opts.TOTPIssuer, &opts.TOTPUser)
	cmd.Flags().StringVar(&opts.UserID, "user-id", "", "`ID` of the WorkOS user that it belongs to")
	return cmd
}

// nameFlags are the flags of what an authenticator app shows.
func nameFlags(cmd *cobra.Command, issuer, user *string) {
	cmd.Flags().StringVar(issuer, "issuer", "", "who asks for the code, as the app shows it: `NAME`")
	cmd.Flags().StringVar(user, "user", "", "whose code it is, as the app shows it: `NAME`")
}

func (p *program) enrollSMSCommand(label *string) *cobra.Command {
	opts := workos.EnrollFactorOpts{Type: workos.SMS}
	cmd := &cobra.Command{
		Use:     "sms --phone NUMBER",
		Short:   "Enroll a phone that receives text messages",
		Example: `  mfa-tui enroll sms --phone '+1 500 555 0006' --label phone`,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := needFlags(cmd, "phone"); err != nil {
				return err
			}
			return p.enroll(cmd.Context(), opts, *label)
		},
	}
	cmd.Flags().StringVar(&opts.PhoneNumber, "phone", "", "`NUMBER` in E.164, such as +15005550006")
	cmd.Flags().StringVar(&opts.UserID, "user-id", "", "`ID` of the WorkOS user that it belongs to")
	return cmd
}

func (p *program) enrollOTPCommand(label *string) *cobra.Command {
	opts := workos.EnrollFactorOpts{Type: workos.GenericOTP}
	cmd := &cobra.Command{
		Use:     "otp",
		Short:   "Enroll a generic factor, whose codes you deliver yourself",
		Example: `  mfa-tui enroll otp --user-id user_01ALAN --label mail`,
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.enroll(cmd.Context(), opts, *label) },
	}
	cmd.Flags().StringVar(&opts.UserID, "user-id", "", "`ID` of the WorkOS user that it belongs to")
	return cmd
}

// enroll enrolls a factor, saves it and prints it.
func (p *program) enroll(ctx context.Context, opts workos.EnrollFactorOpts, label string) error {
	return p.withApp(func(a *app) error {
		return p.runToCompletion(func() error {
			done, err := a.Enroll(ctx, opts, label)
			if err != nil {
				return err
			}
			printErr := p.print(done.Factor, func() string { return done.Factor.ID + "\n" })
			if done.SaveErr == nil && !p.json {
				p.say("enrolled %s%s", factors.Name(done.Record), afterEnrollment(done.Record.HasSecret()))
			}
			return errors.Join(printErr, p.keep(a.Store, done.Done))
		})
	})
}

func afterEnrollment(secret bool) string {
	if secret {
		return "; mfa-tui qr shows its QR code until it is verified"
	}
	return ""
}
