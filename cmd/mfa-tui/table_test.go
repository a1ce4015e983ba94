package main

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// A table fits its terminal, and never cuts what a row is named by.
func TestTableFits(t *testing.T) {
	short := table{
		head: []string{"ID", "TYPE", "EMPTY", "FACTOR", "STATE", "CREATED"}, named: true, spare: 1,
		rows: [][]string{
			{"01M8C8NWZ", "TOTP", "", "日本語の会社 · a\nlong \x1b[31mname that does not end soon", "not challenged yet", "8 minutes ago"},
			{"01M8C8NWR", "SMS", "", "+• •••-•••-0006", "verified 2 minutes ago", "just now"},
		},
	}
	const id = "auth_factor_01M8C8NWZJRRBB5WNGAVDMVN5Y"
	whole := table{head: short.head, named: true, spare: 1, rows: [][]string{append([]string{id}, short.rows[0][1:]...)}}
	for name, test := range map[string]struct {
		t    table
		cols int
		want []string // the beginnings of the lines
	}{
		"tiny":          {short, 20, []string{"TYPE  FACTOR  STATE\n", "TOTP  日本…   not c…\n", "  01M8C8NWZ\n", "SMS   +• ••…  verif…\n", "  01M8C8NWR\n"}},
		"small":         {short, 40, []string{"ID         TYPE  FACTOR      STATE\n", "01M8C8NWZ  TOTP  日本語の…   not challe…\n", "01M8C8NWR  SMS   +• •••-••…  verified 2…\n"}},
		"common":        {short, 80, []string{"ID         TYPE  FACTOR ", "01M8C8NWZ  TOTP  日本語の会社 · a long [31mname", "01M8C8NWR  SMS   +• •••-•••-0006 "}},
		"large":         {short, 120, []string{"ID         TYPE  FACTOR ", "01M8C8NWZ  TOTP  日本語の会社 · a long [31mname that does", "01M8C8NWR  SMS   +• •••-•••-0006 "}},
		"whole, small":  {whole, 40, []string{"TYPE  FACTOR            STATE\n", "TOTP  日本語の会社 · …  not challenged …\n", "  " + id + "\n"}},
		"whole, common": {whole, 80, []string{"TYPE  FACTOR ", "TOTP  日本語の会社 · a long ", "  " + id + "\n"}},
		"whole, large":  {whole, 120, []string{"ID  ", id + "  TOTP  日本語の会社 · "}},
		"one column":    {table{head: []string{"ID"}, named: true, rows: [][]string{{id}}}, 20, []string{"ID\n", id + "\n"}},
	} {
		got := test.t.tidy().fit(test.cols)
		lines := strings.SplitAfter(strings.TrimSuffix(got, "\n"), "\n")
		if len(lines) != len(test.want) {
			t.Errorf("%s: %d lines:\n%s", name, len(lines), got)
			continue
		}
		for i, line := range lines {
			if !strings.HasPrefix(line+"\n", test.want[i]) || name != "one column" && ansi.StringWidth(line) > test.cols {
				t.Errorf("%s: line %d is %q, want %q, in %d columns", name, i, line, test.want[i], test.cols)
			}
		}
		if created := strings.Contains(got, "CREATED"); created != (test.cols == 120 || name == "whole, common") {
			t.Errorf("%s: the time of creation is there: %t", name, created)
		}
	}
}
