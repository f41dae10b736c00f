{ Runs all cases of bindings/cases.json, or those named: cases FILE [NAME...]. Prints a line for each that fails, and how
  many did what. With --load it only loads the library, for the cases about one that is missing or too old. }
program cases;
{$mode delphi}{$h+}{$codepage utf8}

uses
  cthreads, cwstring, SysUtils, Classes, Math, fpjson, jsonparser, crux, cruxapi, data, own, odd;

procedure OnlyLoad;
begin
  try
    CruxVersion;
  except
    on E: ECruxInternal do
      if Pos('tried: ' + GetEnvironmentVariable('CRUX_LIBRARY'), E.Message) > 0 then Halt(3)
      else if (Pos('has edition 0', E.Message) > 0) and (Pos(Format('needs edition %d', [CRUX_ABI_OF_HEADER]), E.Message) > 0) then Halt(4)
      else if Pos('has no function crux_', E.Message) > 0 then Halt(6);
  end;
  Halt(5);
end;

var
  All: TJSONData;
  Text: TStringList;
  Passed, Failed, Skipped: Integer;

procedure One(Given: TJSONObject);
var
  Mine: TOwn;
  Name: string;
begin
  Name := Given.Strings['name'];
  try
    Mine.Reason := '';
    if Given.Strings['do'] = 'own' then Mine := OwnCase(Name);
    if Mine.Reason <> '' then
    begin
      WriteLn('skipped ', Name, ': ', Mine.Reason);
      Inc(Skipped);
      Exit;
    end;
    Forget;
    if Given.Strings['do'] = 'own' then Mine.Run else RunData(Given);
    Inc(Passed);
  except
    on E: Exception do
    begin
      WriteLn('FAILED ', Name, ': ', E.ClassName, ': ', E.Message);
      Inc(Failed);
    end;
  end;
  Forget;
end;

procedure OneOdd(const It: TOdd);
begin
  try
    Forget;
    It.Run;
    Inc(Passed);
  except
    on E: TObject do
    begin
      if E is Exception then WriteLn('FAILED ', It.Name, ': ', E.ClassName, ': ', Exception(E).Message)
      else WriteLn('FAILED ', It.Name, ': ', E.ClassName);
      Inc(Failed);
    end;
  end;
  Forget;
end;

function IsNamed(const Name: string): Boolean;
var
  I: Integer;
begin
  Result := ParamCount = 1;
  for I := 2 to ParamCount do Result := Result or (ParamStr(I) = Name);
end;

var
  I: Integer;
begin
  if ParamStr(1) = '--load' then OnlyLoad;
  { As Delphi has it: what is not exact or not a number raises. The library must not be hurt, nor hurt. }
  SetExceptionMask([exDenormalized, exUnderflow, exPrecision]);
  Text := TStringList.Create;
  Text.LoadFromFile(ParamStr(1));
  All := GetJSON(StringReplace(Text.Text, '\u0000', NulMark, [rfReplaceAll]));
  Text.Free;
  for I := 0 to All.Count - 1 do
    if IsNamed(TJSONObject(All.Items[I]).Strings['name']) then One(TJSONObject(All.Items[I]));
  for I := 0 to OddCount - 1 do
    if IsNamed(OddCase(I).Name) then OneOdd(OddCase(I));
  if GetExceptionMask <> [exDenormalized, exUnderflow, exPrecision] then
  begin
    WriteLn('FAILED the mask of floating point exceptions was changed');
    Inc(Failed);
  end;
  All.Free;
  WriteLn(Passed, ' ', Failed, ' ', Skipped);
  if Failed > 0 then ExitCode := 1;
end.
