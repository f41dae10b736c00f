{ The ten lines: logs in, asks for something, shows what came.

      fpc -Fu.. login.pas && ./login }
program login;
{$mode delphi}{$codepage utf8}
uses {$ifdef unix}cwstring,{$endif} SysUtils, crux;

{ That of a plain string loses letters on Windows. }
function Variable(const Name: UnicodeString): UTF8String;
begin
  Result := UTF8Encode(GetEnvironmentVariable(Name));
end;

var
  Me: ICruxClient;
  Page: ICruxResponse;
  I: Integer;
begin
  try
    Me := CruxLogin('custom', Variable('CRUX_BASE'), Variable('CRUX_USER'), Variable('CRUX_PASSWORD'));
    for Page in Me.Call('GET', 'things/').Pages do
      for I := 0 to Page.JsonCount('/results') - 1 do
        WriteLn(Page.JsonText('/results/' + UTF8String(IntToStr(I)) + '/name'));
  except
    on E: ECrux do
    begin
      WriteLn(StdErr, E.Message);
      Halt(1);
    end;
  end;
end.
