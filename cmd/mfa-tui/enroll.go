package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"mfa-tui/store/factors/phone"
	"mfa-tui/workos"
)

func (p *program) enrollCommand() *cobra.Command {
	var label string
	cmd := group("enroll", "Enroll a factor",
		p.enrollTOTPCommand(&label), p.enrollSMSCommand(&label), p.enrollOTPCommand(&label))
	cmd.Long = `Enroll a factor and keep it in the factor file. Its id is printed.

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
			if err := checkNames(cmd); err != nil {
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

// checkNames checks issuer and user. A colon would end the issuer in the label of
// the otpauth URI.
func checkNames(cmd *cobra.Command) error {
	if err := needFlags(cmd, "issuer", "user"); err != nil {
		return err
	}
	for _, name := range []string{"issuer", "user"} {
		if strings.Contains(cmd.Flag(name).Value.String(), ":") {
			return usageError{fmt.Errorf("--%s must not contain a colon: in the QR code it separates issuer and user", name)}
		}
	}
	return nil
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
			number, err := phone.Parse(opts.PhoneNumber)
			if err != nil {
				return usageError{fmt.Errorf("--phone: %w; want + and the country code, then digits: +15005550006", err)}
			}
			opts.PhoneNumber = number.E164
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
		if err := a.checkLabel(label, ""); err != nil {
			return err
		}
		return p.lastingly(ctx, func(ctx context.Context) error {
			if err := a.ready(ctx); err != nil {
				return err
			}
			f, err := a.client.EnrollFactor(ctx, opts)
			if err != nil {
				return err
			}
			ctx, cancel := saving(ctx)
			defer cancel()
			r, saveErr := a.put(ctx, f, label)
			printErr := p.print(f, func() string { return f.ID + "\n" })
			if saveErr == nil && !p.json {
				p.say("enrolled %s%s", factorName(r), afterEnrollment(r.HasSecret()))
			}
			return errors.Join(printErr, p.keep(a.store, r, saveErr))
		})
	})
}

func afterEnrollment(secret bool) string {
	if secret {
		return "; mfa-tui qr shows its QR code until it is verified"
	}
	return ""
}

// ready reports why a factor could not be saved now. It is asked before an
// enrollment, since a factor whose id is lost is lost.
func (a *app) ready(ctx context.Context) error {
	if err := a.store.Ready(ctx); err != nil {
		return fmt.Errorf("nothing was enrolled, since it could not be kept: %w", err)
	}
	return nil
}
